//! The world as a directory that an operator could import: names, sites and a few words of each company.

use super::company::sentences;
use super::pick::{below, mixed, seed};
use super::{Kind, World};

/// Columns of [`World::directory_csv`].
const COLUMNS: &str = "name,website,country,city,description";

impl World {
    /// About half of the companies and all that is parked, in a mixed order, as CSV (RFC 4180) with a line of headings.
    ///
    /// As such files are: every fourth row has no description, some have no
    /// website, some the company's second domain, and some companies are no more.
    /// Countries are in English, cities as they are called there.
    #[must_use]
    pub fn directory_csv(&self) -> String {
        let mut rows: Vec<(u64, String)> = Vec::new();
        for company in self.companies.iter().filter(|company| below(company.seed, 800, 100) < 52) {
            let activity = company.activities.first().cloned().unwrap_or_default();
            let trade = self.data.trade(company.part, &company.language, &activity);
            let says = |text: &str| sentences(text, company, company.number).into_iter().next().unwrap_or_default();
            let described = trade.filter(|_| below(company.seed, 801, 4) != 0);
            let description = described.map(|trade| format!("{} {}", says(&trade.openings), says(&trade.details)));
            let cells = [
                company.legal_name.as_str(),
                &self.website(&company.host, company.seed),
                self.data.country_name(&company.country, "en"),
                &company.city,
                &description.unwrap_or_default(),
            ];
            rows.push((mixed(company.seed), row(cells)));
        }
        for parked in self.data.around.iter().flat_map(|(_, around)| &around.parked) {
            let city = self.data.cities.get(&parked.city).map_or("", |city| city.name.as_str());
            let country = self.data.country_name(&parked.country, "en");
            rows.push((seed(&[&parked.host]), row([&parked.name, &parked.host, country, city, &parked.remembered])));
        }
        rows.sort();
        let lines = rows.into_iter().map(|(_, row)| row + "\r\n");
        std::iter::once(format!("{COLUMNS}\r\n")).chain(lines).collect()
    }

    /// The site as people type it.
    fn website(&self, host: &str, seed: u64) -> String {
        let is_twin = |kind: &Kind| *kind == Kind::Duplicate(host.to_owned());
        let twin = self.kinds.iter().find(|(_, kind)| is_twin(kind)).map(|(twin, _)| twin.as_str());
        let host = if below(seed, 802, 2) == 0 { twin.unwrap_or(host) } else { host };
        match below(seed, 803, 20) {
            0 => String::new(),
            1..=6 => host.to_owned(),
            7..=11 => format!("www.{host}"),
            _ => format!("http://{host}/"),
        }
    }
}

fn row(cells: [&str; 5]) -> String {
    let cell = |cell: &str| match cell.contains([',', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    };
    cells.map(cell).join(",")
}
