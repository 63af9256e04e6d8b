/// The names of the demo's users: the same rank has the same name in every demo, so that several share their users.
enum UserNames {
    /// The busiest users have short names, for typing.
    private static let busiest = [
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "mallory", "zoë",
    ]

    private static let given = [
        "ada", "aiko", "amara", "anders", "anna", "asel", "björn", "carlos", "chloé", "dimitri", "elif", "emre",
        "fatima", "filip", "giulia", "hana", "hugo", "ines", "ingrid", "jakub", "joão", "jürgen", "kavya", "kenji",
        "lars", "leila", "lin", "lucía", "malik", "marta", "mira", "nadia", "noah", "nour", "oksana", "olga", "omar",
        "pavel", "priya", "rafael", "rosa", "sanne", "sofia", "søren", "tariq", "thiago", "tove", "vera", "wei",
        "yara", "yuki", "zofia", "太郎",
    ]

    private static let family = [
        "abe", "adeyemi", "andersson", "bakker", "bauer", "costa", "dimitrov", "dubois", "ferrari", "garcía",
        "haddad", "hansen", "ivanova", "jensen", "kaya", "kim", "kovács", "kowalski", "kumar", "larsen", "lefèvre",
        "li", "lopez", "meyer", "moreau", "müller", "nakamura", "nguyen", "novák", "okafor", "olsen", "osei",
        "park", "patel", "petrov", "ramos", "rossi", "santos", "schmidt", "sharma", "silva", "singh", "suzuki",
        "tanaka", "weiß", "yılmaz", "zhang", "山田",
    ]

    /// The name of the user of a rank, from 0; no two ranks share one.
    static func name(rank: Int) -> String {
        if rank < busiest.count { return busiest[rank] }
        let index = rank - busiest.count
        let pairs = given.count * family.count
        // A step without a common factor visits every pair once, in an order that looks like chance.
        let pair = (index % pairs) * 1009 % pairs
        let name = given[pair % given.count] + "." + family[pair / given.count]
        return index < pairs ? name : name + String(index / pairs + 1)
    }
}
