#!/bin/sh
# Refreshes the browser libraries kept in the repository: exact versions, each with its licence.
# Usage: scripts/vendor.sh   (needs npm, only to fetch; nothing of it is needed to run)
set -eu
target="$(cd "$(dirname "$0")/.." && pwd)/src/zhicheng/apps/web/static/vendor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

fetch() { # fetch PACKAGE VERSION NAME → $work/NAME-VERSION/
    archive="$(npm pack --silent "$1@$2")"
    mkdir "$3-$2"
    tar -xzf "$archive" -C "$3-$2" --strip-components=1
    find "$target" -maxdepth 1 -name "$3-[0-9]*" -exec rm -rf {} +
    mkdir -p "$target/$3-$2"
    if [ -f "$3-$2/LICENSE" ]; then cp "$3-$2/LICENSE" "$target/$3-$2/LICENSE"; fi
}

fetch htmx.org 4.0.1 htmx
cp htmx-4.0.1/dist/htmx.min.js "$target/htmx-4.0.1/"
sed -i '/^\/\/# sourceMappingURL=/d' "$target/htmx-4.0.1/htmx.min.js"

fetch echarts 6.1.0 echarts
cp echarts-6.1.0/NOTICE "$target/echarts-6.1.0/"
cp echarts-6.1.0/dist/echarts.min.js "$target/echarts-6.1.0/"

fetch @tabler/icons 3.51.0 tabler-icons
fetch @tabler/core 1.6.1 tabler
# The core package ships no licence file; it is MIT, by the same authors as the icons.
cp "$target/tabler-icons-3.51.0/LICENSE" "$target/tabler-1.6.1/LICENSE"
cp tabler-1.6.1/dist/css/tabler.min.css "$target/tabler-1.6.1/"
sed -i 's/\/\*# sourceMappingURL=[^*]*\*\///' "$target/tabler-1.6.1/tabler.min.css"

for icon in home chart-bar books folders messages coin-yen bulb arrows-exchange shield-check settings \
    building-community heart-handshake award speakerphone radar menu-2 search user chevron-right \
    chevron-down calendar x download table-options filter alert-triangle info-circle circle-check printer \
    logout language map-pin clock users list-check history upload key report plus external-link affiliate \
    building refresh lock user-check certificate news file-text arrow-up-right device-desktop; do
    cp "tabler-icons-3.51.0/icons/outline/$icon.svg" "$target/tabler-icons-3.51.0/"
done
