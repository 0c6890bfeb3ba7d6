//! Rules within the model file.

use crate::input::codes;
use crate::input::faults::Faults;
use crate::input::model_file::{ModelFile, SocialCareSettings, find};
use crate::input::yaml::{Node, Value};

/// Priorities and weights are two ways of saying the same; a model picks one.
pub fn check_combination(tree: &Node, faults: &mut Faults) {
    let given = |path: &str| find(tree, path).filter(|node| !matches!(node.value, Value::Nothing));
    let weights = given("objective.weights");
    if let (Some(_), Some(weights)) = (given("objective.priorities"), weights) {
        faults.add(
            codes::BOTH_COMBINATIONS,
            weights.at.clone(),
            "both `priorities` and `weights` are given",
            "keep one of them; in a model that extends another, `priorities: ~` takes the inherited ones away",
        );
    }
    if let Some(weights) = weights.filter(|weights| weights.entries().is_empty()) {
        let cure = "write `weights: {unmet: 1, …}`, or leave it out";
        faults.add(codes::WRONG_TYPE, weights.at.clone(), "`objective.weights` has no terms", cure);
    }
}

/// All rules on the settings alone.
pub fn check(model: &ModelFile, faults: &mut Faults) {
    check_agreements(model, faults);
    check_travel(model, faults);
    crate::input::periods::check(model, faults);
    if let Some(social_care) = &model.social_care {
        check_curve(social_care, faults);
    }
}

fn check_agreements(model: &ModelFile, faults: &mut Faults) {
    for agreement in &model.agreements {
        if let (Some(min), Some(max)) = (agreement.min, agreement.max)
            && min > max
        {
            let cause = format!("`{}` has min {} above max {}", agreement.name.value, min.0, max.0);
            faults.add(codes::MIN_ABOVE_MAX, agreement.name.at.clone(), cause, "lower `min` or raise `max`");
        }
    }
}

fn check_travel(model: &ModelFile, faults: &mut Faults) {
    let (free, steep) = (&model.reach.free, model.reach.steep_after);
    if free.value > steep {
        let cause = format!("`free_minutes` {} is above `steep_after_minutes` {}", free.value.0, steep.0);
        faults.add(codes::MIN_ABOVE_MAX, free.at.clone(), cause, "lower the first or raise the second");
    }
}

/// The curve must be concave in what a pound releases, or the cheapest step would not come first.
fn check_curve(social_care: &SocialCareSettings, faults: &mut Faults) {
    let sum: f64 = social_care.curve.iter().map(|step| step.value.0).sum();
    if (sum - 1.0).abs() > 0.005 {
        let cause = format!("the shares of the discharge curve add up to {}", crate::input::tidy(sum));
        faults.add(codes::CURVE_SHAPE, social_care.curve_at.clone(), cause, "the shares must add up to 1");
    }
    for pair in social_care.curve.windows(2) {
        if pair[1].value.1 < pair[0].value.1 {
            let cause =
                format!("the step at £{} comes after the step at £{}", pair[1].value.1, pair[0].value.1);
            faults.add(
                codes::CURVE_SHAPE,
                pair[1].at.clone(),
                cause,
                "list the steps from the cheapest to the dearest",
            );
        }
    }
}
