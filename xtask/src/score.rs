//! `cargo xtask score`: how complete and how correct profiles are, field by
//! field, against the labels of the sites.
//!
//! Each site is served on loopback and enriched by the whole engine, from its
//! domain alone: choosing pages is part of what is measured. A value is right
//! when it is the label's (letter case, blanks and a slash at the end apart), a
//! value that no label has counts against precision, a label that was not found
//! against recall.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use clap::Args;
use cmes_app::Tariffs;
use cmes_app::enrichment::{Enrich, Enricher, Progress, Settings};
use cmes_extract::places::Country;
use cmes_fetch::BudgetLimits;
use cmes_testkit::{DemoSites, Expected, Outcome, Site, expected, measured_messages, measured_sites, sites};
use cmes_types::{CompanyData, Currency};
use serde_json::Value;
use url::Url;

mod messages;
mod positions;

/// Score the extractors on the labelled sites.
#[derive(Debug, Args)]
pub struct ScoreArgs {
    /// Also print every difference.
    #[arg(long)]
    differences: bool,
    /// Read the e-mails only.
    #[arg(long, conflicts_with = "write")]
    messages: bool,
    /// Write the table to docs/quality.md.
    #[arg(long)]
    write: bool,
    /// Most pages of one site.
    #[arg(long, default_value_t = 10)]
    pages: usize,
}

/// Fields in the order of the table.
const FIELDS: [&str; 18] = [
    "CompanyName",
    "LogoLink",
    "Country",
    "State",
    "ZIP",
    "City",
    "Street1",
    "Street2",
    "Phones",
    "primary phone",
    "Emails",
    "primary e-mail",
    "Language",
    "Contacts",
    "Contacts' details",
    "Technologies",
    "AdditionalLinks",
    "SocialNetsLinks",
];

/// Values of each field, made comparable.
type Values = BTreeMap<&'static str, BTreeSet<String>>;

/// How often a field was right, found without a label, and not found.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    /// Nothing was labelled and nothing found.
    fn is_empty(self) -> bool {
        self.right + self.wrong + self.missed == 0
    }

    fn precision(self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    fn recall(self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    fn f1(self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of hundreds")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// The figures of one set of sites.
#[derive(Debug, Default)]
struct Score {
    sites: usize,
    requests: u64,
    fields: BTreeMap<&'static str, Count>,
    differences: Vec<String>,
}

pub async fn run(args: &ScoreArgs) -> io::Result<()> {
    let sets = [("demo sites", sites()), ("measuring sites", measured_sites())];
    let mut table = String::new();
    for (name, sites) in sets.into_iter().filter(|_| !args.messages) {
        let score = score(sites, args.pages).await?;
        let requests = ratio(usize::try_from(score.requests).unwrap_or_default(), score.sites);
        let words = format!("{requests:.1} requests a site, robots.txt, both schemes and the logo included.");
        table.push_str(&render(name, &words, &FIELDS, &score));
        show_differences(args, &score)?;
    }
    for (name, messages) in [("sample messages", cmes_testkit::messages()), ("measuring messages", measured_messages())]
    {
        if messages.is_empty() {
            continue;
        }
        let score = messages::score(&messages);
        table.push_str(&render(name, "Read by themselves, without a look at the site.", &messages::FIELDS, &score));
        show_differences(args, &score)?;
    }
    if args.differences {
        positions::differences().iter().try_for_each(|line| say(line))?;
    }
    table.push_str(&positions::table());
    say(&table)?;
    if args.write { write(&table) } else { Ok(()) }
}

fn show_differences(args: &ScoreArgs, score: &Score) -> io::Result<()> {
    score.differences.iter().filter(|_| args.differences).try_for_each(|line| say(line))
}

async fn score(sites: Vec<Site>, max_pages: usize) -> io::Result<Score> {
    let sites: Vec<Site> = sites.into_iter().filter(|site| expected(&site.name).outcome == Outcome::Ok).collect();
    let server = DemoSites::serve(sites.clone(), None).await?;
    let fetcher = crate::sites::fetcher(server.hosts())?;
    let enricher = Enricher::new(fetcher, Settings { max_pages, budget: BudgetLimits::default() });
    let tariffs = Arc::new(Tariffs { base: Currency::gbp(), prices: Vec::new(), rates: BTreeMap::new() });
    let mut score = Score { sites: sites.len(), ..Score::default() };
    for site in &sites {
        // In the site's own language positions stay as the labels have them.
        let language = expected(&site.name).language.parse().unwrap_or_default();
        let request = Enrich { content: site.name.clone(), language, ..Enrich::default() };
        let found = match enricher.enrich(&request, &tariffs, None, Progress::unseen()).await {
            Ok(data) => found(&data),
            Err(error) => {
                score.differences.push(format!("{}: {error}", site.name));
                Values::new()
            }
        };
        compare(&site.name, &found, &labels(&expected(&site.name)), &mut score);
    }
    score.requests = server.requests().values().sum();
    Ok(score)
}

fn compare(site: &str, found: &Values, labels: &Values, score: &mut Score) {
    compare_fields(&FIELDS, site, found, labels, score);
}

fn compare_fields(fields: &[&'static str], site: &str, found: &Values, labels: &Values, score: &mut Score) {
    let none = BTreeSet::new();
    for &field in fields {
        let (found, labels) = (found.get(field).unwrap_or(&none), labels.get(field).unwrap_or(&none));
        let (wrong, missed): (Vec<_>, Vec<_>) =
            (found.difference(labels).collect(), labels.difference(found).collect());
        let count = Count { right: found.intersection(labels).count(), wrong: wrong.len(), missed: missed.len() };
        score.fields.entry(field).or_default().add(count);
        score.differences.extend(wrong.iter().map(|value| format!("{site}: {field}: + {value}")));
        score.differences.extend(missed.iter().map(|value| format!("{site}: {field}: - {value}")));
    }
}

/// A country by its code, however it is spelt (`Czechia`, `Czech Republic`).
fn country(name: &str) -> String {
    Country::from_name(name).map_or_else(|| name.to_owned(), |country| country.code().to_owned())
}

/// Letter case and blanks do not count.
fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn digits(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || c.is_ascii_alphabetic()).collect()
}

struct Collected(Values);

impl Collected {
    fn put(&mut self, field: &'static str, value: &str) {
        let value = normal(value);
        if !value.is_empty() {
            self.0.entry(field).or_default().insert(value);
        }
    }
}

fn path_of(link: &str) -> String {
    Url::parse(link).map(|url| url.path().to_owned()).unwrap_or_default()
}

/// The contact's name, and its name with each detail.
fn contact(values: &mut Collected, name: &str, position: &str, email: &str, phone: &str) {
    values.put("Contacts", name);
    for (what, detail) in [("position", position), ("email", email), ("phone", &digits(phone))] {
        if !detail.is_empty() {
            values.put("Contacts' details", &format!("{name} | {what} | {detail}"));
        }
    }
}

fn found(data: &CompanyData) -> Values {
    let mut values = Collected(Values::new());
    values.put("CompanyName", &data.company_name);
    values.put("LogoLink", &path_of(&data.logo_link));
    let a = &data.address;
    let parts = [&country(&a.country), &a.state, &a.zip, &a.city, &a.street1, &a.street2];
    FIELDS[2..8].iter().zip(parts).for_each(|(field, part)| values.put(field, part));
    for phone in &data.phones {
        values.put("Phones", &digits(&phone.phone_number));
    }
    for email in &data.emails {
        values.put("Emails", &email.email);
    }
    let primary_phone = data.phones.iter().find(|phone| phone.primary).map(|phone| digits(&phone.phone_number));
    values.put("primary phone", &primary_phone.unwrap_or_default());
    let primary_email = data.emails.iter().find(|email| email.primary).map(|email| email.email.clone());
    values.put("primary e-mail", &primary_email.unwrap_or_default());
    values.put("Language", &data.language);
    for c in &data.contacts {
        contact(&mut values, &c.name, &c.job_position, &c.email, &c.phone);
    }
    for technology in &data.technologies {
        values.put("Technologies", technology);
    }
    for link in &data.additional_links {
        values.put("AdditionalLinks", &format!("{} {}", kind(&link.description), link.link.trim_end_matches('/')));
    }
    for link in &data.social_nets_links {
        values.put("SocialNetsLinks", format!("{}{}", link.host, link.link).trim_end_matches('/'));
    }
    values.0
}

fn labels(expected: &Expected) -> Values {
    let mut values = Collected(Values::new());
    values.put("CompanyName", &expected.company_name);
    values.put("LogoLink", &expected.logo_link);
    let a = &expected.address;
    let parts = [&country(&a.country), &a.state, &a.zip, &a.city, &a.street1, &a.street2];
    FIELDS[2..8].iter().zip(parts).for_each(|(field, part)| values.put(field, part));
    for phone in &expected.phones {
        values.put("Phones", &digits(phone));
    }
    for email in &expected.emails {
        values.put("Emails", email);
    }
    values.put("primary phone", &expected.phones.first().map(|phone| digits(phone)).unwrap_or_default());
    values.put("primary e-mail", expected.emails.first().map_or("", String::as_str));
    values.put("Language", &expected.language);
    for c in &expected.contacts {
        contact(&mut values, &c.name, &c.job_position, &c.email, &c.phone);
    }
    for technology in &expected.technologies {
        values.put("Technologies", technology);
    }
    for link in &expected.additional_links {
        values.put("AdditionalLinks", &format!("{} {}", kind(&link.description), link.link.trim_end_matches('/')));
    }
    for link in &expected.social_nets_links {
        values.put("SocialNetsLinks", link.trim_end_matches('/'));
    }
    values.0
}

/// A link's Description as the API spells it.
fn kind(kind: &cmes_types::LinkKind) -> String {
    serde_json::to_value(kind).ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn render(name: &str, words: &str, fields: &[&'static str], score: &Score) -> String {
    let mut text = format!(
        "## {} {name}\n\n{words}\n\n\
         | field | precision | recall | F1 | right | wrong | missed |\n|---|---|---|---|---|---|---|\n",
        score.sites
    );
    let counted = |field: &&str| score.fields.get(*field).is_some_and(|count| !count.is_empty());
    for &field in fields.iter().filter(|field| counted(field)) {
        let count = score.fields.get(field).copied().unwrap_or_default();
        text.push_str(&format!(
            "| {field} | {:.3} | {:.3} | {:.3} | {} | {} | {} |\n",
            count.precision(),
            count.recall(),
            count.f1(),
            count.right,
            count.wrong,
            count.missed
        ));
    }
    text.push('\n');
    text
}

/// What stands around the tables: how they were made, and figures that are measured by other commands.
const HEAD: &str = include_str!("score/head.md");
const TAIL: &str = include_str!("score/tail.md");

fn write(table: &str) -> io::Result<()> {
    crate::quality::write_profiles(&format!("{HEAD}{}\n\n{TAIL}", table.trim_end()))
}

fn say(line: &str) -> io::Result<()> {
    use io::Write;
    writeln!(io::stdout(), "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_the_same_by_any_of_its_names() {
        assert_eq!(country("Czechia"), country("Czech Republic"));
        assert_ne!(country("Slovakia"), country("Slovenia"));
    }

    #[test]
    fn right_wrong_and_missed_are_counted_by_value() {
        let values = |phones: &[&str]| {
            let mut values = Collected(Values::new());
            phones.iter().for_each(|phone| values.put("Phones", &digits(phone)));
            values.0
        };
        let mut score = Score::default();
        compare(
            "x.example",
            &values(&["+44 20 1", "+44 20 2"]),
            &values(&["+44 (20) 1", "+44 20 3", "+44 20 4"]),
            &mut score,
        );
        let count = score.fields["Phones"];
        assert_eq!((count.right, count.wrong, count.missed), (1, 1, 2));
        assert_eq!((count.precision(), count.f1()), (0.5, 0.4));
        assert_eq!(score.differences.len(), 3);
        assert_eq!(score.fields["Emails"].f1(), 1.0, "nothing to find and nothing found");
    }
}
