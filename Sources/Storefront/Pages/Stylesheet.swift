import Crypto
import Sessions

/// The one stylesheet, inside each page: nothing else is loaded.
enum Stylesheet {
    static let text = """
        :root{--ink:#1d2530;--soft:#5c6672;--line:#dfe3e8;--paper:#fff;--ground:#f5f6f8;--deep:#0b5a6b;--warm:#b4531a}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa4b0;--line:#303844;--paper:#1a1f27;\
        --ground:#12161c;--deep:#5cc4d8;--warm:#f0a060}}
        *{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        header,main,footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
        header{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;padding-top:1.25rem;padding-bottom:1.25rem}
        header a{color:inherit;text-decoration:none}header .name{font-weight:700;font-size:1.2rem;margin-right:auto}
        h1{font-size:1.5rem;margin:1rem 0}ul.goods{list-style:none;padding:0;display:grid;gap:1rem;\
        grid-template-columns:repeat(auto-fill,minmax(16rem,1fr))}
        .card{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.15rem}
        .card h2{font-size:1.05rem;margin:0}.card p{margin:.15rem 0 .8rem;color:var(--soft)}
        .row{display:flex;justify-content:space-between;align-items:center;gap:.75rem}form{margin:0}
        button{font:inherit;border:1px solid var(--deep);background:none;color:var(--deep);border-radius:.4rem;\
        padding:.3rem .8rem;cursor:pointer}button.main{background:var(--deep);color:var(--paper)}
        button.danger{border-color:var(--warm);color:var(--warm)}
        label{display:block;margin:.6rem 0}input{font:inherit;width:100%;padding:.4rem .6rem;border:1px solid var(--line);\
        border-radius:.4rem;background:var(--ground);color:inherit}.narrow{max-width:24rem}
        table{border-collapse:collapse;width:100%;background:var(--paper);border:1px solid var(--line)}
        th,td{text-align:left;padding:.4rem .7rem;border-bottom:1px solid var(--line)}th{color:var(--soft);font-weight:600}
        td.number{text-align:right;font-variant-numeric:tabular-nums}code{font-family:ui-monospace,monospace}
        .note{border-left:3px solid var(--warm);padding:.2rem .8rem;margin:1rem 0}
        footer{color:var(--soft);font-size:.85rem;padding-top:2rem;padding-bottom:2rem}
        """

    /// What the page's policy allows: this stylesheet, and no other.
    static let source: String = {
        let digest = Array(SHA256.hash(data: Array(text.utf8)))
        return "'sha256-\(Base64.encode(digest))'"
    }()
}
