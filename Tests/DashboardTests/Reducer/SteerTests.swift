import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("Taking nodes out and in")
struct SteerTests {
    private static let abilities = {
        var all = Capabilities.all
        all.steering = .yes
        return all
    }()

    private func desk(_ pinned: [Int?], isProtected: Bool = false, readOnly: String? = nil) -> Desk {
        var desk = Desk(readOnly: readOnly, isProtected: isProtected, capabilities: Self.abilities)
        desk.send(.nodes(Self.reports(pinned)))
        desk.press("4")
        return desk
    }

    private static func reports(_ pinned: [Int?]) -> [NodeReport] {
        pinned.enumerated().map { index, pinned in
            var report = NodeReport(id: "web-0\(index + 1)", started: Desk.wall, heartbeat: Desk.wall)
            var server = BalancedServer(backend: "shop", name: report.id, address: "", words: "UP")
            server.pinned = pinned
            report.server = server
            return report
        }
    }

    private func dialog(_ desk: Desk) -> SteerDialog? {
        if case .dialog(.steer(let dialog)) = desk.state.overlay { dialog } else { nil }
    }

    private func steered(_ desk: Desk) -> [String] {
        desk.effects.compactMap { if case .steer(let node, let wanted, _) = $0 { "\(node) \(wanted)" } else { nil } }
    }

    @Test("A dialog asks first, and y does it for the node that it showed, wherever the cursor is by then")
    func asks() {
        var desk = desk([1, 0, 0])
        desk.open("D")
        #expect(dialog(desk)?.node == "web-01" && dialog(desk)?.confirmation == .yes)
        desk.send(.nodes(Array(Self.reports([1, 0, 0]).dropFirst())))
        #expect(desk.state.fleet.cursor == "web-02")
        desk.press("y")
        #expect(steered(desk) == ["web-01 drain"])
        desk.send(.steered("web-01", .drain, failure: nil))
        #expect(desk.state.flash?.text == "web-01: the balancer has taken it: drain")
        desk.send(.steered("web-01", .drain, failure: "no such server"))
        #expect(desk.state.flash?.level == .error)
    }

    @Test("Many sessions need a reason, and their count where they would lose their node at once")
    func manySessions() {
        var desk = desk([26, 0, 0])
        desk.open("D")
        desk.press("y")
        #expect(steered(desk).isEmpty && dialog(desk)?.problem == "a reason is required")
        desk.press("Esc")
        desk.open("M")
        #expect(dialog(desk)?.confirmation == .typed("26"))
        desk.type("kernel")
        desk.press("Tab")
        desk.type("25")
        desk.press("Tab", "Tab", "Enter")
        #expect(steered(desk).isEmpty && dialog(desk)?.problem == "type 26 to confirm")
        desk.press("Shift-Tab", "Shift-Tab", "Backspace")
        desk.type("6")
        desk.press("Tab", "Tab", "Enter")
        #expect(steered(desk) == ["web-01 maintenance"])
    }

    @Test("Whoever begins to type on a button gives the reason: no later letter of it decides")
    func typing() {
        var desk = desk([26, 0, 0])
        desk.open("D")
        #expect(dialog(desk)?.focus == .cancel)
        desk.type("kernel by noon")
        #expect(steered(desk).isEmpty && dialog(desk)?.reason.text == "kernel by noon")
    }

    @Test("Enter in a line goes on to what has to be typed yet, then to the button")
    func goingOn() {
        var desk = desk([26, 0, 0])
        desk.open("M")
        desk.press("Enter")
        #expect(dialog(desk)?.focus == .reason)
        desk.type("kernel")
        desk.press("Enter")
        desk.type("26")
        desk.press("Enter", "Enter")
        #expect(steered(desk).isEmpty && dialog(desk)?.focus == .steer)
        desk.wait(Dialog.deafTime)
        desk.press("Enter")
        #expect(steered(desk) == ["web-01 maintenance"])
    }

    @Test("The last node that takes sessions, and any in a protected context, needs its name, 3 s later")
    func lastNode() {
        for var desk in [desk([0]), desk([0, 0], isProtected: true)] {
            desk.open("M")
            #expect(dialog(desk)?.confirmation == .typedName("web-01"))
            desk.type("kernel")
            desk.press("Tab")
            desk.type("web-01")
            desk.press("Tab", "Tab", "Enter")
            #expect(steered(desk).isEmpty && dialog(desk)?.problem?.hasPrefix("arming") == true)
            desk.wait(.seconds(3))
            desk.press("Enter")
            #expect(steered(desk) == ["web-01 maintenance"])
        }
    }

    @Test("Of a node's name that no dialog can show whole, the beginning is typed")
    func longName() {
        var desk = Desk(capabilities: Self.abilities)
        let name = String(repeating: "web", count: 50)
        desk.send(.nodes([NodeReport(id: name, started: Desk.wall, heartbeat: Desk.wall)]))
        desk.press("4")
        desk.open("M")
        desk.press("Tab")
        desk.type(String(name.prefix(40)))
        desk.wait(Confirmation.armingTime)
        desk.press("Tab", "Tab", "Enter")
        #expect(steered(desk) == ["\(name) maintenance"])
    }

    @Test("A node that holds its sessions itself is asked about by what it holds, and is told itself")
    func ownMemory() {
        var desk = Desk(capabilities: Self.abilities)
        desk.send(
            .nodes(
                [1, 9].enumerated().map { index, count in
                    var report = NodeReport(id: "web-0\(index + 1)", started: Desk.wall, heartbeat: Desk.wall)
                    report.counters[.memorySessions] = Int64(count)
                    return report
                }))
        desk.press("4")
        desk.open("M")
        #expect(dialog(desk)?.pinned == 1 && dialog(desk)?.isServer == false)
        let screen = render(desk.state, size: Size(columns: 120, rows: 40)).text
        #expect(screen.contains("It hands the 1 session in its memory over"))
        #expect(!screen.contains("balancer"))
        desk.press("y")
        #expect(steered(desk) == ["web-01 maintenance"])
        desk.send(.steered("web-01", .maintenance, failure: nil))
        #expect(desk.state.flash?.text == "web-01: the node has taken it: maintenance")
    }

    @Test("A node is taken in again by one key and y")
    func ready() {
        var desk = desk([400, 1])
        desk.open("R")
        desk.press("y")
        #expect(steered(desk) == ["web-01 ready"])
    }

    @Test("In a protected context a reason is required for each order, also for one that takes nobody's node")
    func protectedReason() {
        for (key, order) in [("D", "drain"), ("M", "maintenance"), ("R", "ready")] {
            var desk = self.desk([0, 0], isProtected: true)
            desk.open(key)
            desk.wait(Confirmation.armingTime)
            #expect(dialog(desk).flatMap { desk.state.lockReason(of: $0) } == "a reason is required", "\(order)")
            #expect(render(desk.state, size: desk.state.size).text.contains("]  required"), "\(order)")
        }
        var desk = self.desk([0, 0], isProtected: true)
        desk.open("R")
        desk.press("y")
        #expect(steered(desk).isEmpty && dialog(desk)?.problem == "a reason is required")
        desk.type("kernel")
        desk.press("Tab", "Tab", "Enter")
        #expect(steered(desk) == ["web-01 ready"])
    }

    @Test("Where nothing stands before the nodes, and where nothing may be changed, the keys say why")
    func refused() {
        var plain = Desk()
        plain.send(.nodes(Self.reports([1])))
        plain.press("4", "D")
        #expect(plain.isIdle && plain.state.flash?.text.hasPrefix("drain: no balancer is looked at") == true)
        var reading = desk([1, 1], readOnly: "the context says so")
        reading.press("M")
        #expect(reading.isIdle && reading.state.flash?.text == "maintenance: read-only: the context says so")
        #expect(Effect.steer("web-01", .drain, Order(actor: "", reason: nil, at: Desk.wall)).isChange)
    }
}
