let groups = [
    BenchmarkGroup(name: "store") { try await StoreBenchmarks.run() },
    BenchmarkGroup(name: "node") { try await NodeBenchmarks.run() },
    BenchmarkGroup(name: "tokens") { try await TokenBenchmarks.run() },
    BenchmarkGroup(name: "table") { TableBenchmarks.run() },
    BenchmarkGroup(name: "denials") { try await DenialBenchmarks.run() },
    BenchmarkGroup(name: "refresh") { try await RefreshBenchmarks.run() },
]

let wanted = CommandLine.arguments.dropFirst()
if wanted.first == "--verifier" {
    try await VerifierProcess.run(Array(wanted.dropFirst()))
} else if wanted.first == "--fleet" {
    // It starts servers and eight verifiers on each, and takes minutes.
    try await FleetBenchmarks.run(on: Array(wanted.dropFirst()))
} else if wanted.contains("--remote") {
    // It starts servers, and takes minutes.
    try await RemoteBenchmarks.run()
} else {
    for group in groups where wanted.isEmpty || wanted.contains(group.name) { try await group.run() }
}
