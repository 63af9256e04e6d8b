#!/bin/sh
# Writes every .yaml file of a folder into one Swift source; leaves the source alone when nothing has changed.
#   embed.sh FOLDER OUTPUT-FOLDER
set -eu
mkdir -p "$2"
new="$2/EmbeddedThemes.swift.new"
{
    echo 'enum EmbeddedThemes {'
    echo '    /// Each name with the text of its file.'
    echo '    static let files: [(name: String, text: String)] = ['
    for file in "$1"/*.yaml; do
        [ -f "$file" ] || continue
        printf '(name: "%s", text: ####"""\n' "$(basename "$file" .yaml)"
        cat "$file"
        printf '\n"""####),\n'
    done
    echo '    ]'
    echo '}'
} >"$new"
if cmp -s "$new" "${new%.new}"; then rm "$new"; else mv "$new" "${new%.new}"; fi
