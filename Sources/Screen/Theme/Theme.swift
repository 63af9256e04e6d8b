/// What every role looks like on terminals of every depth.
public struct Theme: Equatable, Sendable {
    /// Whether a theme is made for dark or for light surroundings.
    public enum Tone: String, Sendable {
        /// Light text on a dark ground.
        case dark
        /// Dark text on a light ground.
        case light
        /// Both: the ground is the terminal's own.
        case any
    }

    /// How one role looks, depth by depth.
    public struct Entry: Equatable, Sendable {
        /// With 256 colours.
        public var full: Look
        /// With 16 colours.
        public var sixteen: Look
        /// With 8 colours.
        public var eight: Look
        /// Without colours.
        public var mono: Attributes

        /// Creates an entry.
        public init(full: Look, sixteen: Look, eight: Look, mono: Attributes) {
            self.full = full
            self.sixteen = sixteen
            self.eight = eight
            self.mono = mono
        }
    }

    /// The terminal's own colours and no attributes, for where no theme is to be had.
    public static let plain = Theme(name: "plain", tone: .any, palette: [:], entries: [:])

    /// The name it is chosen by.
    public let name: String
    /// What surroundings it is made for.
    public let tone: Tone
    /// The colours it is made of, by name.
    public let palette: [String: Color]
    private var entries: [Entry]

    /// Creates a theme; a role that is left out is drawn as plain text.
    public init(name: String, tone: Tone, palette: [String: Color], entries: [Role: Entry]) {
        self.name = name
        self.tone = tone
        self.palette = palette
        let plain = Entry(full: .plain, sixteen: .plain, eight: .plain, mono: [])
        self.entries = Role.allCases.map { entries[$0] ?? plain }
    }

    /// How a role looks.
    public subscript(role: Role) -> Entry {
        get { entries[role.index] }
        set { entries[role.index] = newValue }
    }

    /// How a role looks at a depth that has colours.
    func look(of role: Role, depth: ColorDepth) -> Look {
        let entry = self[role]
        switch depth {
        case .full: return entry.full
        case .sixteen: return entry.sixteen
        case .eight: return entry.eight
        case .mono: return Look(attributes: entry.mono)
        }
    }
}
