//! A company profile as a card for a terminal.

use cmes_types::{
    Address, CompanyData, Condition, Contact, Evidence, Extended, Identifier, Location, OpenPosition, OpeningHours,
    Signal, Standing,
};
use console::Style;

use crate::output::harmless;

const LABEL: usize = 14;
const NARROWEST: usize = 50;
const WIDEST: usize = 100;

/// Columns to fill: the terminal's, within what can be read well.
pub fn width() -> usize {
    let (_, columns) = console::Term::stdout().size();
    usize::from(columns).clamp(NARROWEST, WIDEST)
}

/// The card, so many columns wide.
pub fn render(data: &CompanyData, width: usize) -> String {
    let mut card = Card { text: String::new(), width };
    card.title(data);
    card.row("Business", std::slice::from_ref(&data.business));
    card.row("Size", std::slice::from_ref(&data.company_size));
    card.row("Address", &[address(&data.address)]);
    card.row("Phones", &data.phones.iter().map(|p| main_first(&p.phone_number, p.primary)).collect::<Vec<_>>());
    card.row("E-mails", &data.emails.iter().map(|e| main_first(&e.email, e.primary)).collect::<Vec<_>>());
    card.row("Language", std::slice::from_ref(&data.language));
    card.row("Contacts", &data.contacts.iter().map(contact).collect::<Vec<_>>());
    card.row("Technologies", &[data.technologies.join(", ")]);
    card.row(
        "Pages",
        &data.additional_links.iter().map(|l| format!("{}{}  {:?}", l.host, l.link, l.description)).collect::<Vec<_>>(),
    );
    card.row("Profiles", &data.social_nets_links.iter().map(|l| format!("{}{}", l.host, l.link)).collect::<Vec<_>>());
    card.row("Logo", std::slice::from_ref(&data.logo_link));
    card.row("Advice", std::slice::from_ref(&data.recommendations));
    if let Some(extended) = &data.extended {
        card.extended(extended);
    }
    if let Some(conditions) = &data.conditions {
        card.row("Query", &conditions.iter().map(standing).collect::<Vec<_>>());
    }
    if let Some(evidence) = &data.evidence {
        card.row("Evidence", &evidence.iter().map(proof).collect::<Vec<_>>());
    }
    card.text
}

struct Card {
    text: String,
    width: usize,
}

impl Card {
    fn title(&mut self, data: &CompanyData) {
        let name = harmless(&data.company_name);
        let site =
            data.webs.first().map(|web| format!("{}{}", web.host, web.link.trim_end_matches('/'))).unwrap_or_default();
        let line = "─".repeat(self.width);
        let gap =
            " ".repeat(self.width.saturating_sub(console::measure_text_width(&name) + site.chars().count()).max(2));
        self.push(&format!(
            "{}{gap}{}\n",
            Style::new().bold().apply_to(name),
            Style::new().cyan().apply_to(harmless(&site))
        ));
        self.push(&format!("{}\n", Style::new().dim().apply_to(line)));
    }

    fn extended(&mut self, extended: &Extended) {
        let some = |number: u32| if number == 0 { String::new() } else { number.to_string() };
        let employees = extended.employees;
        let range = if employees.from == employees.to {
            some(employees.from)
        } else {
            format!("{}–{}", employees.from, employees.to)
        };
        self.row("Legal name", std::slice::from_ref(&extended.legal_name));
        self.row("Other names", &extended.other_names);
        self.row("Domains", &[extended.domains.join(", ")]);
        self.row("Founded", &[some(extended.founded.into())]);
        self.row("Employees", &[range]);
        self.row("Industry", std::slice::from_ref(&extended.industry));
        let number = |one: &Identifier| format!("{} {}  {}", one.kind, one.number, one.authority).trim_end().to_owned();
        self.row("Numbers", &extended.identifiers.iter().map(number).collect::<Vec<_>>());
        self.row("Certificates", &[extended.certifications.join(", ")]);
        self.row("Languages", &[extended.languages.join(", ")]);
        let place = |one: &Location| [one.name.as_str(), &address(&one.address)].join("  ").trim().to_owned();
        self.row("Locations", &extended.locations.iter().map(place).collect::<Vec<_>>());
        let hours = |one: &OpeningHours| format!("{} {}–{}", one.days, one.opens, one.closes);
        self.row("Open", &extended.opening_hours.iter().map(hours).collect::<Vec<_>>());
        let position = |one: &OpenPosition| format!("{}  {} {}", one.title, one.place, one.link).trim_end().to_owned();
        self.row("Vacancies", &extended.open_positions.iter().map(position).collect::<Vec<_>>());
        self.row("Key words", &[extended.keywords.join(", ")]);
        let signal = |s: &Signal| format!("{}: {} ({:+} points, × {})", s.name, s.value, s.points, s.factor);
        self.row("Assessment", &extended.assessment.iter().map(signal).collect::<Vec<_>>());
    }

    /// A label with its values, each on lines of its own; nothing without values.
    fn row(&mut self, label: &str, values: &[String]) {
        let mut label = label;
        for value in values.iter().filter(|value| !value.trim().is_empty()) {
            let value = harmless(value);
            for (index, line) in textwrap::wrap(&value, self.width - LABEL).iter().enumerate() {
                let shown = if index == 0 { std::mem::take(&mut label) } else { "" };
                let padding = " ".repeat(LABEL - shown.len());
                self.push(&format!("{}{padding}{line}\n", Style::new().dim().apply_to(shown)));
            }
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

fn main_first(value: &str, primary: bool) -> String {
    if primary { format!("{value} ★") } else { value.to_owned() }
}

fn address(a: &Address) -> String {
    let city =
        [a.zip.as_str(), a.city.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let parts = [a.street1.as_str(), a.street2.as_str(), city.as_str(), a.state.as_str(), a.country.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn contact(contact: &Contact) -> String {
    let parts = [&contact.name, &contact.job_position, &contact.email, &contact.phone];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}

fn standing(condition: &Condition) -> String {
    let sign = match condition.standing {
        Standing::Meets => "✓",
        Standing::Misses => "✗",
        Standing::Open => "?",
    };
    let shown = if condition.sentence.is_empty() { String::new() } else { format!(" “{}”", condition.sentence) };
    format!("{sign} {}  {}{shown}", condition.condition, condition.url)
}

fn proof(evidence: &Evidence) -> String {
    let method =
        serde_json::to_value(evidence.method).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    format!("{} ({method}, {}) {} “{}”", evidence.field, evidence.confidence, evidence.url, evidence.snippet)
}

#[cfg(test)]
mod tests {
    use cmes_types::{Phone, WebLink};

    use super::*;

    #[test]
    fn a_card_shows_what_is_known_and_nothing_else() {
        console::set_colors_enabled(false);
        let data = CompanyData {
            company_name: "Nordwind Pumpen GmbH".into(),
            webs: vec![WebLink { host: "nordwind-pumpen.example".into(), link: "/".into() }],
            address: Address { city: "Lübeck".into(), zip: "23552".into(), ..Address::default() },
            phones: vec![Phone { phone_number: "+49 451 1".into(), primary: true }],
            business: "Pumps for ships and harbours, built in Lübeck since 1962 by people who know the sea.".into(),
            ..CompanyData::default()
        };
        let expected = "\
Nordwind Pumpen GmbH        nordwind-pumpen.example
──────────────────────────────────────────────────
Business      Pumps for ships and harbours, built
              in Lübeck since 1962 by people who
              know the sea.
Address       23552 Lübeck
Phones        +49 451 1 ★
";
        assert_eq!(render(&data, 50), expected.replace("GmbH        n", "GmbH       n"));
    }

    #[test]
    fn text_from_pages_cannot_steer_the_terminal() {
        console::set_colors_enabled(false);
        let data = CompanyData { company_name: "\u{1b}[2JEvil\u{202e}".into(), ..CompanyData::default() };
        assert!(!render(&data, 50).contains(['\u{1b}', '\u{202e}']));
    }
}
