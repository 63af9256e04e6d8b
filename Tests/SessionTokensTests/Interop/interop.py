"""Makes tokens with joserfc and PyJWT, and checks with them those that were made elsewhere.

Standard input: {"claims", "type", "signing": [JWK], "encryption": [JWK], "tokens": [{"token", "kid", "encryptedTo"}]}.
Standard output: {"made": [{"by", "kid", "encryptedTo", "token"}], "checked": [{"by", "index", "claims" or "error"}]}.
"""

import json
import sys
import warnings

import jwt as pyjwt
from joserfc import jwe, jws
from joserfc.jwk import import_key

warnings.simplefilter("ignore")


def joserfc_sign(request, key):
    header = {"alg": key["alg"], "typ": request["type"], "kid": key["kid"]}
    return jws.serialize_compact(header, json.dumps(request["claims"]), import_key(key), algorithms=[key["alg"]])


def pyjwt_sign(request, key):
    headers = {"typ": request["type"], "kid": key["kid"]}
    return pyjwt.encode(request["claims"], pyjwt.PyJWK(key).key, algorithm=key["alg"], headers=headers)


def joserfc_check(request, token, key):
    return json.loads(jws.deserialize_compact(token, import_key(public(key)), algorithms=[key["alg"]]).payload)


def public(key):
    return {name: value for name, value in key.items() if name not in ("d", "p", "q", "dp", "dq", "qi")}


def pyjwt_check(request, token, key):
    options = {"require": ["exp", "iat"], "verify_exp": False, "verify_iat": False}
    return pyjwt.decode(
        token, pyjwt.PyJWK(public(key)).key, algorithms=[key["alg"]], issuer=request["claims"]["iss"],
        audience=request["claims"]["aud"], options=options)


def encrypt(token, key):
    header = {"alg": key["alg"], "enc": "A256GCM", "cty": "JWT", "kid": key["kid"]}
    return jwe.encrypt_compact(header, token, import_key(key), algorithms=[key["alg"], "A256GCM"])


def decrypt(token, key):
    result = jwe.decrypt_compact(token, import_key(key), algorithms=[key["alg"], "A256GCM"])
    assert result.protected["cty"] == "JWT", "an encrypted token says that it holds a signed one"
    return result.plaintext.decode()


def main():
    request = json.load(sys.stdin)
    signing = {key["kid"]: key for key in request["signing"]}
    encryption = {key["kid"]: key for key in request["encryption"]}
    made = []
    for by, sign in [("joserfc", joserfc_sign), ("PyJWT", pyjwt_sign)]:
        for key in signing.values():
            token = sign(request, key)
            made.append({"by": by, "kid": key["kid"], "encryptedTo": None, "token": token})
            for other in encryption.values():
                made.append(
                    {"by": by, "kid": key["kid"], "encryptedTo": other["kid"], "token": encrypt(token, other)})
    checked = []
    for index, given in enumerate(request["tokens"]):
        for by, check in [("joserfc", joserfc_check), ("PyJWT", pyjwt_check)]:
            try:
                token = given["token"]
                if given["encryptedTo"] is not None:
                    token = decrypt(token, encryption[given["encryptedTo"]])
                claims = check(request, token, signing[given["kid"]])
                checked.append({"by": by, "index": index, "claims": claims})
            except Exception as error:
                checked.append({"by": by, "index": index, "error": f"{type(error).__name__}: {error}"})
    json.dump({"made": made, "checked": checked}, sys.stdout)


if __name__ == "__main__":
    main()
