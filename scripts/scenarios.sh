#!/usr/bin/env bash
# Solves and verifies every shipped scenario, and writes what came out into docs/scenarios.md and
# docs/scenario-results.md. No figure there is typed by hand.
#
#   scripts/scenarios.sh [AREAS] [SCENARIO...]     AREAS: district (the default) or msoa
#
# BEDALLOC is the program (default: target/release/bedalloc), SOLVE_OPTIONS go to `bedalloc solve`
# (for example "--time-limit 3600"). With names of scenarios, those alone are solved anew; where results/scenarios has no
# result of a scenario, what the pages say of it stays as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

areas=${1:-district}
shift || true
program=${BEDALLOC:-target/release/bedalloc}
results=results/scenarios/$areas
page=docs/scenarios.md
screens=docs/scenario-results.md

# In the order of the table.
all=(england-2019 england-2019-cap-85 england-2019-cap-90 england-2019-cap-92 expected-need
  no-social-care-effect social-care-protected child-protection-first behaviour-adapts-20 behaviour-adapts-40
  bed-management hospital-groups closure-test croc-2018 nhs-plan-2001)
scenarios=("${@:-${all[@]}}")
failed=0

for name in "${scenarios[@]}"; do
  if [[ $name == nhs-plan-2001 && $areas != district ]]; then
    continue # Its tables are by district alone.
  fi
  echo "== $name, by $areas"
  rm -rf "${results:?}/$name"
  mkdir -p "$results"
  code=0
  # shellcheck disable=SC2086
  "$program" solve "models/$name.yaml" --areas "$areas" --no-ranges ${SOLVE_OPTIONS:-} -o "$results/$name" \
    > "$results/$name.txt" || code=$?
  # 4: stopped at a limit with a plan, which is still worth a line and a check.
  if [[ $code != 0 && $code != 4 ]]; then
    echo "no result (exit code $code)" >&2
    failed=1
    continue
  fi
  if "$program" verify "$results/$name" > "$results/$name.verify.txt"; then
    tail -n 1 "$results/$name.verify.txt"
  else
    echo "does not verify: see $results/$name.verify.txt" >&2
    failed=1
  fi
done

# A number of summary.json's top level.
figure() {
  sed -n "s/^  \"$2\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$1" | head -n 1
}

# The region with the largest share unmet, and that share.
worst() {
  awk '
    /^  "regions": \[/ { inside = 1 }
    inside && /^  \]/ { inside = 0 }
    inside && /^      "name": / { name = $0; sub(/^ *"name": "/, "", name); sub(/",?$/, "", name) }
    inside && /^      "unmet_share": / { share = $2 + 0; if (share > most + 1e-6 || most == "") { most = share; who = name } }
    END { printf "%s %.2f%%", who, 100 * most }' "$1"
}

# The row of a scenario in this block of the page.
row_as_it_is() {
  awk -v mark="$areas" -v row="| \`$1\` |" '
    $0 == "<!-- made by `make scenarios`: " mark " -->" { inside = 1 }
    $0 == "<!-- end: " mark " -->" { inside = 0 }
    inside && index($0, row) == 1' "$page"
}

# The section of a scenario in the page of screens, without its heading.
screen_as_it_is() {
  awk -v heading="## $1" '
    $0 == heading { inside = 1; next }
    /^## / { inside = 0 }
    inside' "$screens.old"
}

table() {
  echo "| scenario | new beds | need | freed by social care | unmet before | unmet after | share | worst region | proof |"
  echo "|---|---:|---:|---:|---:|---:|---:|---|---|"
  local name summary proof
  for name in "${all[@]}"; do
    summary=$results/$name/summary.json
    if [[ ! -f $summary ]]; then
      if [[ -f $results/$name.txt ]]; then
        echo "| \`$name\` | | | | | | | | no result |" # It was tried.
      else
        row_as_it_is "$name"
      fi
      continue
    fi
    proof=$(tail -n 1 "$results/$name.verify.txt")
    [[ $(figure "$summary" status) == optimal ]] || proof="stopped at a limit; $proof"
    LC_ALL=C awk -v name="$name" -v new="$(figure "$summary" new_beds)" -v need="$(figure "$summary" need_beds)" \
      -v freed="$(figure "$summary" released_beds)" -v before="$(figure "$summary" unmet_beds_before)" \
      -v after="$(figure "$summary" unmet_beds)" -v share="$(figure "$summary" unmet_share)" \
      -v worst="$(worst "$summary")" -v proof="$proof" 'BEGIN {
        printf "| `%s` | %.1f | %.1f | %.1f | %.1f | %.1f | %.2f%% | %s | %s |\n",
          name, new, need, freed, before, after, 100 * share, worst, proof }'
  done
}

# Puts standard input between the marks of a block of the page.
replace_block() {
  local body
  body=$(cat)
  BODY=$body awk -v mark="$1" '
    $0 == "<!-- made by `make scenarios`: " mark " -->" { print; print ""; print ENVIRON["BODY"]; print ""; skip = 1 }
    $0 == "<!-- end: " mark " -->" { skip = 0 }
    !skip { print }' "$page" > "$page.new"
  mv "$page.new" "$page"
}

table | replace_block "$areas"

if [[ $areas == district ]]; then
  cp "$screens" "$screens.old"
  {
    echo "# What each scenario says"
    echo
    echo "<!-- Made by \`make scenarios\`: do not edit. -->"
    echo
    echo "By district, as \`bedalloc solve models/NAME.yaml --areas district\` prints it. What each scenario asks, and where its"
    echo "numbers come from: [scenarios.md](scenarios.md)."
    for name in "${all[@]}"; do
      if [[ -f $results/$name.txt && -d $results/$name ]]; then
        printf '\n## %s\n\n```\n' "$name"
        grep -v '^Written to ' "$results/$name.txt" | cat -s | sed -e '${/^$/d}'
        printf '```\n'
      elif grep -qx "## $name" "$screens.old"; then
        printf '\n## %s\n' "$name"
        screen_as_it_is "$name" | sed -e '${/^$/d}'
      fi
    done
  } > "$screens"
  rm "$screens.old"
fi
exit "$failed"
