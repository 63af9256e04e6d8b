import Testing

/// The built program in a real terminal, one test after another: each has terminals and a fleet of its own.
@Suite("In a terminal", .serialized, .timeLimit(.minutes(5)))
enum InATerminal {}
