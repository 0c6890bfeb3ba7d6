//! Cases solved by hand, the working in the comment.

mod sketch;

use bedalloc::domain::policy::Term;
use bedalloc::pipeline::result::Comparator;

const TOLERANCE: f64 = 1e-6;

/// England 1999-00 as one area and one site: 135,080 beds at 84% hold 113,467.2 occupied beds of need;
/// 137,180 beds at 82% hold 112,487.6; the difference is 979.6. (The need is often printed rounded, as
/// 113,467, which gives 979.4.)
#[test]
fn england_in_one_piece_misses_the_standard_by_980_occupied_beds() {
    let result = sketch::england_1999().plan();
    let unmet = result.plan.total_unmet().0;
    assert!((unmet - 979.6).abs() < TOLERANCE, "{unmet}");
    assert!((result.plan.total_new().0 - 2_100.0).abs() < TOLERANCE);
    let nothing = result.comparators.iter().find(|c| c.comparator == Comparator::DoNothing).unwrap();
    assert!((nothing.unmet.0 - (113_467.2 - 0.82 * 135_080.0)).abs() < TOLERANCE);
}

#[test]
fn every_level_is_proven() {
    let result = sketch::two_regions().plan();
    for level in &result.levels {
        assert!(level.gap() < TOLERANCE, "{} has a gap of {}", level.name, level.gap());
    }
    assert!(result.terms.contains_key(&Term::Travel));
}
