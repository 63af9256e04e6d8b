internal import CryptoExtras
enum Base {}
