//! How large the company is, as far as its pages say.

use crate::facts::{Finding, Site};
/// Number of employees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Employees {
    /// At least so many.
    pub from: u32,
    /// At most so many.
    pub to: u32,
}

/// The number of employees that the site states.
#[must_use]
pub fn find(site: &Site<'_>) -> Option<Finding<Employees>> {
    let _ = site;
    None
}
