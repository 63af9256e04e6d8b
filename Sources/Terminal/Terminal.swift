internal import CCurses
public import Screen

/// The terminal of standard input and output: grids in, keys out.
///
/// It belongs to the thread that opened it, as curses does; other threads wake that thread through ``waker``. While it is
/// open, what anybody writes to standard output or error is held back, and written when it is closed. A crash, a signal
/// that ends the process and `exit` bring the terminal back too.
public final class Terminal {
    /// How to open a terminal.
    public struct Options: Sendable {
        /// Whether to use colours; `NO_COLOR` and the terminal have a say as well.
        public var colors: Bool
        /// Whether to listen to the mouse, which takes selecting text with it away from the terminal.
        public var mouse: Bool

        /// Creates options.
        public init(colors: Bool = true, mouse: Bool = false) {
            self.colors = colors
            self.mouse = mouse
        }
    }

    /// How many colours there are, or are wanted.
    public let depth: ColorDepth
    /// Which characters it can show; make grids with it.
    public let glyphs: GlyphSet
    /// Wakes ``nextEvent(until:)`` from other threads.
    public let waker = Waker()
    /// The size of its screen.
    public internal(set) var size: Size

    var inks: InkWell
    var shown: Grid?
    var clicks = ClickCounter()
    private var isOpen = true

    /// Opens the terminal of standard input and output.
    ///
    /// - Throws: ``TerminalError`` when there is none, its type is unknown, or one is open already.
    public static func open(_ options: Options = Options()) throws(TerminalError) -> Terminal {
        try Terminal(type: nil, options: options, headless: nil)
    }

    /// Opens a terminal that draws into memory only and has no keys, for tests.
    ///
    /// - Parameters:
    ///   - type: its type, as `TERM` would name it.
    ///   - size: how large it is.
    ///   - options: as for a real one.
    /// - Returns: the terminal.
    /// - Throws: ``TerminalError`` when the type is unknown, or a terminal is open already.
    public static func headless(
        type: String = "xterm-256color", size: Size, options: Options = Options()
    ) throws(TerminalError) -> Terminal {
        try Terminal(type: type, options: options, headless: size)
    }

    private init(type: String?, options: Options, headless size: Size?) throws(TerminalError) {
        let utf8 = terminal_set_locale()
        let name = type ?? Environment.value("TERM") ?? ""
        let columns = Int32(size?.columns ?? 0)
        let rows = Int32(size?.rows ?? 0)
        if let problem = terminal_open(name, options.mouse, size != nil, columns, rows) {
            throw .opening(String(cString: problem), type: name)
        }
        depth = options.colors && !Environment.forbidsColor ? ColorDepth(colors: Int(terminal_colors())) : .mono
        glyphs = utf8 && !Terminal.isOld(name) ? .unicode : .ascii
        inks = InkWell(depth: depth)
        self.size = Terminal.currentSize
    }

    /// Types that stand for hardware, or for consoles without the glyphs of frames and graphs.
    private static func isOld(_ type: String) -> Bool {
        ["vt", "ansi", "dumb", "cons25", "sun", "wyse"].contains { type.hasPrefix($0) }
    }

    static var currentSize: Size {
        Size(columns: Int(terminal_columns()), rows: Int(terminal_rows()))
    }

    /// Leaves the screen, brings the terminal back as it was, and writes what was held back.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        terminal_close()
    }

    deinit { close() }

    /// Opens the terminal for as long as a function runs.
    ///
    /// - Parameters:
    ///   - options: how to open it.
    ///   - body: what to do with it.
    /// - Returns: what the function returned.
    /// - Throws: ``TerminalError`` when it can't be opened, and what the function throws.
    public static func withTerminal<Result>(
        _ options: Options = Options(), _ body: (Terminal) throws -> Result
    ) throws -> Result {
        let terminal = try open(options)
        defer { terminal.close() }
        return try body(terminal)
    }

    /// Ends the process as a signal would have, so that whoever started it can tell; the terminal is brought back first.
    public static func exit(by signal: Int32) -> Never {
        terminal_die(signal)
        fatalError("A signal did not end the process.")
    }
}

@available(*, unavailable, message: "A terminal belongs to the thread that opened it; use its waker from others.")
extension Terminal: Sendable {}
