import Foundation
import SessionLayouts
import Sessions
import Testing

@Suite struct CatalogueTests {
    @Test func `names are told apart, and say nothing but letters, digits and hyphens`() {
        let names = LayoutCatalogue.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(!names.contains("native"))
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
        #expect(names.allSatisfy { allowed.isSuperset(of: $0.utf8) })
    }

    @Test func `the README has a line for each, and for no other`() throws {
        let root = Fixture.path.appending(path: "../../..").standardizedFileURL
        let lines = String(decoding: try Data(contentsOf: root.appending(path: "README.md")), as: UTF8.self)
            .split(separator: "\n").drop { !$0.hasPrefix("| Layout |") }.dropFirst(2).prefix { $0.hasPrefix("|") }
        let names = lines.map { line in line.dropFirst(3).prefix { $0 != "`" } }
        #expect(Set(names.map(String.init)) == Set(LayoutCatalogue.all.map(\.name)) && Set(names).count == names.count)
    }

    @Test func `a layout lies in a table or under keys, as its stores have them`() {
        for layout in LayoutCatalogue.all {
            switch layout.place {
            case .table: #expect(layout.stores.isSubset(of: [.sqlite, .postgres]) && !layout.stores.isEmpty)
            case .spring: #expect(layout.stores == [.redis])
            case .keys: #expect(layout.stores.isSubset(of: [.redis, .memcached]) && !layout.stores.isEmpty)
            }
        }
    }

    @Test func `whatever can't be done says why`() {
        for layout in LayoutCatalogue.all {
            let all = layout.capabilities()
            for ability in [all.revoke, all.extend, all.nodes, all.audit, all.changes, all.finalRevoke] {
                #expect(ability.isPossible || ability.reason?.isEmpty == false)
            }
            let none = layout.capabilities(readOnly: "because")
            #expect(none.revoke == .no(because: "because") && none.extend == .no(because: "because"))
        }
    }

    @Test func `Laravel's lifetime has to be given before a deadline can be known or moved`() throws {
        let bare = try LayoutCatalogue.layout(named: "laravel-database", in: .sqlite)
        #expect(bare.capabilities().extend.reason?.contains("?lifetime=120m") == true)
        let told = try LayoutCatalogue.layout(named: "laravel-database?lifetime=120m", in: .sqlite)
        #expect(told.lifetime == .seconds(7200))
        #expect(told.capabilities().extend.isPossible)
    }

    @Test(
        "a name that can't be used is refused",
        arguments: ["", "nonsense", "django-db?", "django-db?lifetime", "django-db?lifetime=x", "phpredis"])
    func refused(_ name: String) {
        #expect(throws: SessionsError.self) { try LayoutCatalogue.layout(named: name, in: .sqlite) }
    }

    @Test func `characters of a pattern are escaped in what is configured`() {
        let globs = LayoutCatalogue.all.compactMap { layout in
            layout.keyPlace?.glob
        }
        #expect(globs.contains("sess:*"))
        #expect(globs.contains("*2::*"))
        #expect(globs.contains("*django.contrib.sessions.cache*"))
    }

    @Test func `locks and other keys are no sessions`() {
        let keys = [
            "PHPREDIS_SESSION:jr4rvuu6ja4sfgjun9v7gul8k1_LOCK", "memc.sess.key.lock.jr4rvuu6ja4sfgjun9v7gul8k1",
            "sess:",
            "session:short", "laravel_cache:illuminate:queue:restart", "",
        ]
        for key in keys {
            for store in [StoreKind.redis, .memcached] {
                let layouts = LayoutCatalogue.layouts(in: store).filter { $0.id(ofKey: Array(key.utf8)) != nil }
                #expect(layouts.isEmpty, "\(key)")
            }
        }
    }

    @Test func `a table is known by its columns, and tables of one name are told apart`() {
        func names(_ columns: [String]) -> [String] {
            LayoutCatalogue.candidates(forTable: "sessions", columns: columns, in: .postgres).map(\.name)
        }
        #expect(names(["id", "session_id", "data", "expiry"]) == ["flask-session-sqlalchemy"])
        #expect(
            names(["id", "user_id", "ip_address", "user_agent", "payload", "last_activity"]) == ["laravel-database"])
        #expect(names(["id", "session_id", "data", "created_at", "updated_at"]) == ["activerecord"])
        #expect(names(["token", "data", "expiry"]) == ["scs-postgres"])
        #expect(names(["id", "name"]).isEmpty)
    }
}
