#!/usr/bin/env bash
# The map of a page as a picture, for the documents: scripts/map-picture.sh results/england-2019/report.html docs/pictures/map.png
# Needs Chromium.
set -euo pipefail

page=$1
picture=$2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

# Everything but the map is hidden.
style='<style>body>*:not(main),main>section:not(#map),#map>h2,#search,#place,#map-choices,#map-buttons,#map-box details{display:none!important}main,#map,.map-and-place{display:block!important;margin:0!important;padding:0!important;max-width:none!important}figcaption{padding:.4rem 1rem}.chart.map{height:690px!important;background:none!important}</style>'
sed "0,/<\/head>/s|</head>|$style</head>|" "$page" >"$home/map.html"
"${CHROMIUM:-chromium}" --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$home/profile" \
    --blink-settings=preferredColorScheme=1 --window-size=640,790 --virtual-time-budget=8000 \
    --screenshot="$(realpath "$picture")" "file://$home/map.html" 2>/dev/null
