//! The README of the compiled folder.

use super::super::ImportError;
use super::super::tables::write_bytes;
use super::Summary;
use std::fmt::Write;
use std::path::Path;

const OPENING: &str = "\
# England and the NHS Plan of 2000

For the scenario `nhs-plan-2001`: the eight regional offices of 1999 to 2002, 135,080 general and acute beds in 1999-00 at 84%
occupancy. Compiled from `data/england-2019` (by district) and a small set of published figures by
`bedalloc import nhs-plan-2001 --from data/england-2019`; the same tables give the same bytes.

Every row says in its column `basis` whether its figure is `published`, `derived` (the geography of 2019 scaled to published
totals), `estimated` (filled in from a mean) or `assumed`. Which year's hospitals stood where, and who used them, is that of
2019: no results below the regional offices should be read as history.

## Historical: published and kept as published

| figure | value | source |
|---|---|---|
| Acute beds, England 1999-00 | 107,218 | HC Deb 20 Nov 2003 vol 413 c1382W |
| Geriatric beds, England 1999-00 | 27,862 | same |
| Both: general and acute beds | 135,080 | sum; HC Deb 30 Mar 2001 cc798-9W |
| Acute and geriatric beds of the North West office, 1999-00 | 17,094 and 3,466 | HC Deb 26 Mar 2002 c907W |
| Occupancy | 84% | National Beds Inquiry, HL Deb 15 Mar 2000 c214WA |
| Occupancy standard of the NHS Plan | 82% | Health Service Journal, January 2001 |
| Delayed patients, share of beds, by regional office | below | HC Deb 8 Jan 2002 c654W (second quarter of 2001-02) |
| New general and acute beds by 2004 | 2,100 | NHS Plan; HC Deb 30 Mar 2001 cc798-9W |
| of them in 2000-01 and 2001-02 | 714 and 789 | Department of Health report 2002; HC Deb 24 Feb 2003 vol 400 |
| of them by 2002-03 | about 1,600: 97 more | HC Deb 20 Nov 2003 (136,679 - 136,582) |
| New intermediate care beds by 2004 | 5,000 | HC Deb 30 Mar 2001 cc798-9W |
| Councils' spend of 2000-01: all, older people, children | table | Department of Health, personal social services expenditure |
| People of England in 2000-01 | 49,997,089 | HC Deb 3 Dec 2001 cc129-30W |

Licence: Open Parliament Licence (Hansard), Open Government Licence v3.0 (the rest). Contains Parliamentary and public sector
information. Travel times: as in `data/england-2019`.

## Derived: no figures are left

| table | how |
|---|---|
| `beds.csv` | Beds by regional office were published for the North West alone, by site for nobody. Sites and their shares are those of 2019, specialties added up to four groups; adult medicine, surgery and children together are scaled to acute beds, geriatric medicine to geriatric beds, the North West to its own figures and the other seven offices as one to the rest. Occupied beds keep the differences between trusts of 2019 and are scaled to 84% in all. |
| `district/need_revealed.csv.gz` | Need of 2019 scaled by the same factors, office by office and class by class, and made to sum to 84% of 135,080. |
| `delays.csv` | The published rate of an office × the acute beds of its sites, over its people's need except children's. The answer does not say of which beds the rates are: of acute beds they make a total near the some 6,900 delayed patients of September 2001 (over 1,500 more than the 5,385 of September 2002); of general and acute beds it would be a quarter too high. |
| `district/areas.csv.gz` | People of 2019 scaled to England's of 2000-01: towns that grew since then are too big. Deprivation is that of 2019. |
| `sites.csv` | Acute sites of 2019 under the office of the nearest district. **Assumed:** one site of intermediate care for each council, in the middle of its people, without beds today: the 4,579 intermediate beds of 1999-00 are full of other patients than those counted here. |
| `councils.csv`, `social_care.csv` | `other_adults` is what is left of the total. The four councils made from Bedfordshire and Cheshire, which have no figures of their own, have the mean spend a head (`estimated`). |
| `commissioners.csv` | The 44 partnership areas of 2017 stand for some 99 health authorities, whose borders are not at hand. |
| `district/flows.csv.gz`, `district/travel_times.csv.gz`, `trusts.csv` | As in `data/england-2019`: flows of 2018, roads of 2022. |

Offices are made of the councils of today: Northern and Yorkshire is the North East, Yorkshire and the Humber without South
Yorkshire and South Humber, and Cumbria; Trent is the East Midlands without Northamptonshire, with South Yorkshire and South
Humber; South East has Northamptonshire. Small parts that changed sides (Glossop) are left where they are today.

## Check values

| regional office | beds | need, in occupied beds | delayed beds | published rate |
|---|---|---|---|---|
";

/// Writes `README.md`.
pub fn write(summary: &Summary, out: &Path) -> Result<(), ImportError> {
    let rates = super::Published::read()?.delay_rates;
    let mut text = String::from(OPENING);
    let mut sums = [0.0; 3];
    for office in &summary.offices {
        let figures = [office.available.0, office.need.0, office.delayed.0];
        let [beds, need, delayed] = figures;
        let rate = rates[&office.name] * 100.0;
        let _ = writeln!(text, "| {} | {beds:.0} | {need:.0} | {delayed:.0} | {rate:.1}% |", office.name);
        for (sum, figure) in sums.iter_mut().zip(figures) {
            *sum += figure;
        }
    }
    let [beds, need, delayed] = sums;
    let _ = writeln!(text, "| England | {beds:.0} | {need:.1} | {delayed:.0} | |");
    let _ = writeln!(
        text,
        "\nOf the beds, the North West's and England's are published, the rest derived; need and delayed beds are derived. At\n\
         82% occupancy 137,180 beds hold 112,487.6 patients: {:.1} fewer than need it.",
        need - 0.82 * 137_180.0
    );
    write_bytes(&out.join("README.md"), text.as_bytes())
}
