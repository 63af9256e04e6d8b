internal import Screen
internal import Sessions

extension State {
    mutating func press(_ key: Key, in old: RevealDialog) -> [Effect] {
        var dialog = old
        let isText = dialog.focus == .reason
        if let step = isText ? key.focusStep : key.buttonStep {
            dialog.focus = RevealDialog.Focus.allCases.stepped(from: dialog.focus, by: step)
        } else if key == .enter {
            switch dialog.focus {
            case .reason: dialog.focus = .reveal
            case .cancel: return cancel("reveal")
            case .reveal: return reveal(dialog)
            }
        } else if !isText || !dialog.reason.press(key) {
            return []
        }
        dialog.problem = nil
        overlay = .dialog(.reveal(dialog))
        return []
    }

    /// Why the secrets can't be shown as the dialog stands; `nil`: they can.
    func lockReason(of dialog: RevealDialog) -> String? {
        revealReason ?? (dialog.reason.isBlank ? "a reason is required" : nil)
    }

    /// Asks for the secrets of one session: they are shown when it is on the record.
    private mutating func reveal(_ old: RevealDialog) -> [Effect] {
        var dialog = old
        dialog.problem = lockReason(of: dialog)
        guard dialog.problem == nil else {
            overlay = .dialog(.reveal(dialog))
            return []
        }
        overlay = nil
        let isShown = inspector.id == dialog.id && (isPaneShown || navigation.place.scope == .inspect)
        return (isShown ? [] : push(.inspect(dialog.id))) + [.reveal(dialog.id, order(dialog.reason.text))]
    }

    mutating func press(_ key: Key, in old: ExportDialog) -> [Effect] {
        var dialog = old
        let isText = dialog.focus == .path
        if let step = isText || dialog.focus == .format ? key.focusStep : key.buttonStep {
            dialog.focus = ExportDialog.Focus.allCases.stepped(from: dialog.focus, by: step)
        } else if key == .enter {
            switch dialog.focus {
            case .path, .format: dialog.focus = .write
            case .cancel: return cancel("export")
            case .write: return export(dialog)
            }
        } else if dialog.focus == .format, [.character(" "), .left, .right].contains(key) {
            dialog.turnFormat()
        } else if !isText || !dialog.path.press(key) {
            return []
        }
        dialog.problem = nil
        overlay = .dialog(.export(dialog))
        return []
    }

    private mutating func export(_ old: ExportDialog) -> [Effect] {
        let path = old.path.text
        guard !old.path.isBlank else {
            var dialog = old
            dialog.problem = "type a file's name"
            overlay = .dialog(.export(dialog))
            return []
        }
        overlay = nil
        let content: Export.Content
        let filter: String
        switch old.listed {
        case .sessions(let ids):
            content = .sessions(ids.compactMap { list.table.row(of: $0) })
            filter = list.filter.text
        case .entries(let entries):
            content = .entries(entries)
            filter = audit.text
        }
        say("writing \(content.title)")
        let export = Export(path: path, format: old.format, content: content, filter: filter)
        return [.export(export, record: unrecordedReason == nil ? order("") : nil)]
    }
}

extension ExportDialog {
    /// A path's length at most, in characters.
    static let pathLimit = 1000

    /// The other format; the file's ending goes with it.
    mutating func turnFormat() {
        let old = format.rawValue
        format = format == .csv ? .jsonl : .csv
        guard path.text.hasSuffix("." + old) else { return }
        path.replace(with: path.text.dropLast(old.count) + format.rawValue)
    }
}
