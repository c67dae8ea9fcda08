//! Whether a company answers to a query, by what its own pages say.

use cmes_extract::page::Page;
use cmes_types::{CompanyData, Condition, Standing};

use crate::query::Query;

/// A company as far as it is known: after its first page, or with its whole profile.
#[derive(Clone, Copy, Debug)]
pub struct Company<'a> {
    /// The pages that were read, the first one first.
    pub pages: &'a [Page],
    /// The profile made of them, with `extended` filled; none yet after the first page.
    pub data: Option<&'a CompanyData>,
}

/// How a company stands to a query.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Each condition of the query, in its order.
    pub conditions: Vec<Condition>,
    /// How well it fits, 0 to 1: orders the leads.
    pub fit: f64,
}

impl Judgement {
    /// Whether nothing that is asked for is missed, and what the companies do is met.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.conditions.iter().all(|condition| condition.standing != Standing::Misses)
    }
}

/// Holds a company against a query.
#[must_use]
pub fn judge(query: &Query, company: &Company<'_>) -> Judgement {
    let _ = (query, company);
    Judgement::default()
}
