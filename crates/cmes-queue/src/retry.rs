//! When to try again.

use std::time::Duration;

use uuid::Uuid;

/// The pause before the attempt after this one, of a plan with these pauses;
/// `None` when the plan is at its end. Up to a tenth is added, different for
/// each job, so that what failed together does not come back together.
#[must_use]
pub fn pause(plan: &[Duration], attempt: i64, id: Uuid) -> Option<Duration> {
    let step = usize::try_from(attempt.checked_sub(1)?).ok()?;
    let pause = *plan.get(step)?;
    // The last bytes of an identifier are random.
    let share = f64::from(id.as_bytes()[15]) / 255.0;
    Some(pause + pause.mul_f64(share / 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_follow_the_plan_and_differ_a_little() {
        let plan = [Duration::from_secs(10), Duration::from_secs(100)];
        let check = |attempt, last_byte: u8, expected: Option<f64>| {
            let id = Uuid::from_u128(u128::from(last_byte));
            assert_eq!(pause(&plan, attempt, id).map(|pause| pause.as_secs_f64()), expected);
        };
        check(1, 0, Some(10.0));
        check(1, 255, Some(11.0));
        check(2, 0, Some(100.0));
        check(3, 0, None);
        check(0, 0, None);
    }
}
