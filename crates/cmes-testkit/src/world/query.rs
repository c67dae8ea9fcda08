//! What people ask for, and who is a right answer.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::data::Part;
use super::{World, WorldCompany, data};

/// A question with what a careful human would call a right answer to it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorldQuery {
    /// As it is typed.
    pub text: String,
    /// The language of its words, ISO 639-1.
    pub language: String,
    /// How much it asks of the one who answers.
    pub level: Level,
    /// Any of these; nobody fits when there are none.
    pub activities: Vec<String>,
    /// Trades that one could see either way: open.
    #[serde(default)]
    pub tolerated: Vec<String>,
    /// Countries of the seat, any of them; anywhere when there are none, as with regions and cities.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Regions of the seat.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Cities of the seat, by key.
    #[serde(default)]
    pub cities: Vec<String>,
    /// Fewest and most people.
    #[serde(default)]
    pub employees: Option<(u32, u32)>,
    /// First and last year of foundation.
    #[serde(default)]
    pub founded: Option<(u32, u32)>,
    /// All of these.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// Any of these stands on the site.
    #[serde(default)]
    pub says: Vec<String>,
    /// Why it is here.
    #[serde(default)]
    pub note: String,
}

/// How much a question asks of the one who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A trade and a place, in the words of the companies.
    Simple,
    /// Other words, another language, a region, a role among others.
    Medium,
    /// Conditions and exclusions.
    Hard,
}

/// What an answer is worth, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is what was asked for.
    Right,
    /// Neither right nor wrong: the site leaves it open, or a human could see it either way.
    Open,
    /// It is not.
    Wrong,
}

impl World {
    /// The questions of the first part, in the order of their file.
    ///
    /// # Panics
    ///
    /// When the file is broken.
    #[must_use]
    pub fn queries() -> Vec<WorldQuery> {
        Self::queries_of(Part::First)
    }

    /// The questions of a part, in the order of their file. They are asked about the whole world.
    ///
    /// # Panics
    ///
    /// When the file is broken.
    #[must_use]
    pub fn queries_of(part: Part) -> Vec<WorldQuery> {
        data::records(&part.file("queries.toml"), "query")
    }

    /// Hosts of the companies that are right answers.
    #[must_use]
    pub fn matches(&self, query: &WorldQuery) -> BTreeSet<String> {
        let is_right = |company: &&WorldCompany| self.verdict(query, &company.host) == Verdict::Right;
        self.companies.iter().filter(is_right).map(|company| company.host.clone()).collect()
    }

    /// What a site is worth as an answer, by any of its hosts.
    #[must_use]
    pub fn verdict(&self, query: &WorldQuery, host: &str) -> Verdict {
        self.company(host).map_or(Verdict::Wrong, |company| {
            let place = self.place(query, company);
            [does(query, company), place, figures(query, company), is_readable(company)]
                .into_iter()
                .max()
                .unwrap_or(Verdict::Wrong)
        })
    }

    /// The seat counts. An office at the place some who ask would take, and some not.
    fn place(&self, query: &WorldQuery, company: &WorldCompany) -> Verdict {
        let fits = |country: &String, region: &String, city: &String| {
            let among = |wanted: &[String], value: &String| wanted.is_empty() || wanted.contains(value);
            among(&query.countries, country) && among(&query.regions, region) && among(&query.cities, city)
        };
        if fits(&company.country, &company.region, &company.city_key) {
            return Verdict::Right;
        }
        let mut branches = company.branches.iter().filter_map(|key| Some((key, self.data.cities.get(key)?)));
        match branches.any(|(key, city)| fits(&city.country, &city.region, key)) {
            true => Verdict::Open,
            false => Verdict::Wrong,
        }
    }
}

/// Its trade, its certificates, and what its site says.
fn does(query: &WorldQuery, company: &WorldCompany) -> Verdict {
    let is_among = |wanted: &[String]| company.activities.iter().any(|it| wanted.contains(it));
    let trade = match (is_among(&query.activities), is_among(&query.tolerated)) {
        (true, _) => Verdict::Right,
        (_, true) => Verdict::Open,
        _ => Verdict::Wrong,
    };
    let is_certified = query.certificates.iter().all(|it| company.certificates.contains(it));
    let is_said = query.says.is_empty() || query.says.iter().any(|it| company.text.contains(it.as_str()));
    if is_certified && is_said { trade } else { Verdict::Wrong }
}

/// A figure that the site is silent about leaves the question open.
fn figures(query: &WorldQuery, company: &WorldCompany) -> Verdict {
    let within = |range: Option<(u32, u32)>, value: Option<u32>| match (range, value) {
        (Some((least, most)), Some(value)) if value < least || value > most => Verdict::Wrong,
        (Some(_), None) => Verdict::Open,
        _ => Verdict::Right,
    };
    within(query.employees, company.employees).max(within(query.founded, company.founded))
}

/// What robots may not read nobody can ask an engine for.
fn is_readable(company: &WorldCompany) -> Verdict {
    if company.readable { Verdict::Right } else { Verdict::Open }
}
