/// What is wrong with an answer of the runtime API.
enum RuntimeFault: Error, Equatable {
    /// It is no answer to this command, or none of HAProxy.
    case malformed
    /// A line, a field or the whole is longer than anything that HAProxy says.
    case tooLarge
    /// It ended before it was complete.
    case cutShort
    /// HAProxy says no, in these words: nothing but printable ASCII of them.
    case refused(String)
}
