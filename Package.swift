// swift-tools-version: 6.2
import PackageDescription

/// The rules every Swift target is compiled under: see README.md, "Working on it".
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "sessiontop",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sessiontop", targets: ["sessiontop"]),
        .library(name: "Sessions", targets: ["Sessions"]),
        .library(name: "SessionLayouts", targets: ["SessionLayouts"]),
        .library(name: "SessionsSQLite", targets: ["SessionsSQLite"]),
        .library(name: "SessionsPostgres", targets: ["SessionsPostgres"]),
        .library(name: "SessionsRedis", targets: ["SessionsRedis"]),
        .library(name: "SessionsMemcached", targets: ["SessionsMemcached"]),
        .library(name: "SessionsNodes", targets: ["SessionsNodes"]),
        .library(name: "SessionsHAProxy", targets: ["SessionsHAProxy"]),
        .library(name: "SessionsTransport", targets: ["SessionsTransport"]),
        .library(name: "SessionTokens", targets: ["SessionTokens"]),
        .library(name: "SessionsHummingbird", targets: ["SessionsHummingbird"]),
        .library(name: "SessionTesting", targets: ["SessionTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        // The model, its rules and the request path of a service. Edges below only go down to it.
        .target(
            name: "Sessions", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),
        // What other frameworks write, as values: no I/O.
        .target(name: "SessionLayouts", dependencies: ["Sessions"], swiftSettings: strict),
        .target(
            name: "SessionsSQLite",
            dependencies: [
                "SessionLayouts", "Sessions", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .systemLibrary(
            name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .target(
            name: "SessionsPostgres", dependencies: ["CLibPQ", "SessionLayouts", "Sessions"], swiftSettings: strict),
        // What stores that are spoken to over NIO share.
        .target(
            name: "SessionsTransport",
            dependencies: [
                "Sessions", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .target(
            name: "SessionsRedis",
            dependencies: [
                "SessionLayouts", "Sessions", "SessionsTransport", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .target(
            name: "SessionsMemcached",
            dependencies: [
                "SessionLayouts", "Sessions", "SessionsTransport", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        // Signed and encrypted tokens over the same feed.
        .target(
            name: "SessionTokens",
            dependencies: [
                "Sessions", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: strict),
        // Sessions and tokens in an HTTP service.
        .target(
            name: "SessionsHummingbird",
            dependencies: [
                "Sessions", "SessionTokens", .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict),
        // The admin API of service nodes, from the operator's side and from another node's.
        .target(
            name: "SessionsNodes",
            dependencies: [
                "Sessions", "SessionsTransport", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        // The stick tables of a balancer.
        .target(
            name: "SessionsHAProxy",
            dependencies: [
                "Sessions", "SessionsTransport", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .target(
            name: "SessionTesting",
            dependencies: ["Sessions", "SessionTokens", .product(name: "Subprocess", package: "swift-subprocess")],
            swiftSettings: strict),

        // The screen: pure but for Terminal.
        .target(name: "Screen", swiftSettings: strict),
        // The files of Themes/, compiled in: a theme is added by adding its file.
        .plugin(name: "EmbedThemes", capability: .buildTool(), path: "Sources/EmbedThemes"),
        .target(
            name: "Themes",
            dependencies: ["Screen", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict,
            plugins: ["EmbedThemes"]),
        .target(name: "Dashboard", dependencies: ["Screen", "Sessions"], swiftSettings: strict),
        .target(
            name: "CCurses",
            linkerSettings: [
                .linkedLibrary("ncursesw", .when(platforms: [.linux])),
                .linkedLibrary("ncurses", .when(platforms: [.macOS])),
            ]),
        .target(name: "Terminal", dependencies: ["CCurses", "Screen"], swiftSettings: strict),

        .executableTarget(
            name: "sessiontop",
            dependencies: [
                "Dashboard", "Screen", "SessionLayouts", "Sessions", "SessionsHAProxy", "SessionsMemcached",
                "SessionsNodes", "SessionsPostgres", "SessionsRedis", "SessionsSQLite", "SessionTokens", "Terminal",
                "Themes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        // A small shop, the running example: its sessions are watched with sessiontop.
        .executableTarget(
            name: "Storefront",
            dependencies: [
                "Sessions", "SessionsHummingbird", "SessionsMemcached", "SessionsNodes", "SessionsPostgres",
                "SessionsRedis", "SessionsSQLite", "SessionTokens",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "Dashboard", "Sessions", "SessionsPostgres", "SessionsRedis", "SessionsSQLite", "SessionTesting",
                "SessionTokens", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            // Compiled when it is measured: building needs no hiredis.
            exclude: ["Baselines"],
            swiftSettings: strict),

        .testTarget(
            name: "SessionTokensTests",
            dependencies: [
                "Sessions", "SessionsSQLite", "SessionTokens", "SessionTesting",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            exclude: ["Interop/interop.py", "Interop/requirements.txt", "Vectors"], swiftSettings: strict),
        .testTarget(
            name: "SessionsHummingbirdTests",
            dependencies: [
                "Sessions", "SessionsHummingbird", "SessionTesting", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SessionsHAProxyTests",
            dependencies: [
                "sessiontop", "Sessions", "SessionsHAProxy", "SessionsSQLite", "SessionTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SessionsNodesTests",
            dependencies: [
                "sessiontop", "Sessions", "SessionsHummingbird", "SessionsNodes", "SessionsTransport", "SessionTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SessionLayoutsTests",
            dependencies: [
                "Sessions", "SessionLayouts", "SessionTesting", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
        // The built program in a terminal of its own, for two targets of tests.
        .target(
            name: "ProgramTesting",
            dependencies: ["SessionTesting", .product(name: "Subprocess", package: "swift-subprocess")],
            path: "Tests/ProgramTesting", swiftSettings: strict),
        .testTarget(
            name: "FleetTests",
            dependencies: [
                "Benchmarks", "Sessions", "SessionTesting", "SessionTokens",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "StorefrontTests",
            dependencies: [
                "ProgramTesting", "SessionTesting", "Sessions", "Storefront", "sessiontop",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .testTarget(name: "ScreenTests", dependencies: ["Screen"], swiftSettings: strict),
        .testTarget(name: "TerminalTests", dependencies: ["CCurses", "Screen", "Terminal"], swiftSettings: strict),
        .testTarget(name: "ThemesTests", dependencies: ["Screen", "Themes"], swiftSettings: strict),
        .testTarget(
            name: "sessiontopTests",
            dependencies: [
                "Dashboard", "sessiontop", "Screen", "Sessions", "SessionsSQLite", "SessionTesting", "SessionTokens",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "ProgramTesting", "sessiontop", "SessionTesting",
            ],
            swiftSettings: strict),
        .testTarget(name: "SessionsTests", dependencies: ["Sessions", "SessionTesting"], swiftSettings: strict),
        .testTarget(
            name: "DashboardTests", dependencies: ["Dashboard", "Screen", "Sessions", "SessionTesting"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "SessionsPostgresTests",
            dependencies: [
                "CLibPQ", "SessionLayouts", "Sessions", "SessionsPostgres", "SessionTesting",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SessionsRedisTests",
            dependencies: [
                "SessionLayouts", "Sessions", "SessionsRedis", "SessionsTransport", "SessionTesting",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SessionsMemcachedTests",
            dependencies: [
                "SessionLayouts", "Sessions", "SessionsMemcached", "SessionsTransport", "SessionTesting",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SessionsSQLiteTests",
            dependencies: [
                "SessionLayouts", "Sessions", "SessionsSQLite", "SessionTesting",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
    ]
)

// Under the thread sanitizer everything is built anew: only what has no I/O is wanted there (Tests/run --sanitize).
if Context.environment["ONLY_PURE_TARGETS"] != nil {
    let pure: Set = [
        "Dashboard", "DashboardTests", "Screen", "ScreenTests", "SessionTesting", "SessionTokens", "Sessions",
        "SessionsTests",
    ]
    package.targets.removeAll { !pure.contains($0.name) }
    package.products.removeAll { !pure.contains($0.name) }
}
