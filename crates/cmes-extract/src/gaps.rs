//! What the extractors did not find though the pages may say it: a person's
//! position in a sentence, an address in an unusual form.
//!
//! A model may propose what fills a gap. Its proposal is a candidate and no
//! more: it counts when it stands in the lines shown, word for word, and our
//! own recognisers take it for what it is proposed as.

use cmes_types::{Address, CompanyData};
use url::Url;

use crate::facts::people::titles as recogniser;
use crate::facts::{Site, address};
use crate::fold::fold;
use crate::page::{Line, Page, RawPage, prefix, read};

/// What a model may be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// People without a position.
    pub people: Vec<Person>,
    /// Lines that may be the address, when there is none.
    pub address: Option<Passage>,
}

/// Lines of one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// Where they stand.
    pub url: String,
    /// As visitors read them.
    pub lines: Vec<String>,
}

/// Somebody whose position is not known, and what stands around the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Place in the profile's contacts.
    pub contact: usize,
    /// The name.
    pub name: String,
    /// The lines around it.
    pub passage: Passage,
}

/// Most people that are asked about, lines around a name, and characters of a line.
const MOST_PEOPLE: usize = 3;
const AROUND: usize = 2;
const LINE: usize = 160;
/// Most lines that may be an address.
const MOST_LINES: usize = 6;

impl Gaps {
    /// The gaps of a profile made from these pages.
    #[must_use]
    pub fn find(pages: &[Page], data: &CompanyData) -> Self {
        let lacking = data.contacts.iter().enumerate().filter(|(_, contact)| contact.job_position.is_empty());
        let people = lacking.filter_map(|(contact, person)| {
            let others = data.contacts.iter().map(|other| fold(&other.name)).filter(|name| *name != fold(&person.name));
            let passage = around(pages, &person.name, &others.collect::<Vec<_>>())?;
            Some(Person { contact, name: person.name.clone(), passage })
        });
        let Address { street1, street2, zip, city, .. } = &data.address;
        let has_address = [street1, street2, zip, city].into_iter().any(|part| !part.is_empty());
        Self {
            people: people.take(MOST_PEOPLE).collect(),
            address: if has_address { None } else { address_lines(pages) },
        }
    }

    /// Whether nothing is lacking that the pages might say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.address.is_none()
    }
}

impl Person {
    /// The position as the page has it, with its line, when a proposal is one and stands there.
    #[must_use]
    pub fn position<'a>(&'a self, proposal: &str) -> Option<(String, &'a str)> {
        let proposal = proposal.trim();
        if !recogniser::is_title(proposal) || fold(proposal).contains(&fold(&self.name)) {
            return None;
        }
        let line = self.passage.lines.iter().find(|line| stands(proposal, line))?;
        Some((proposal.to_owned(), line))
    }
}

impl Passage {
    /// The address, when every part of a proposal stands in the lines and our own reader takes it for
    /// an address.
    #[must_use]
    pub fn address(&self, street: &str, zip: &str, city: &str) -> Option<Address> {
        let parts = [street.trim(), zip.trim(), city.trim()];
        let stands_here = |part: &&str| self.lines.iter().any(|line| stands(part, line));
        if street.trim().is_empty()
            || city.trim().is_empty()
            || !parts.iter().filter(|part| !part.is_empty()).all(stands_here)
        {
            return None;
        }
        let text = |part: &str| part.replace('&', "&amp;").replace('<', "&lt;");
        let [street, zip, city] = parts.map(text);
        let html = format!("<main><address>{street}<br>{zip} {city}</address></main>");
        let url = Url::parse(&self.url).ok()?;
        let pages = [read(&RawPage { url: &url, headers: &[], html: &html })];
        let domain = crate::profile::domain_of(&url);
        let site = Site { pages: &pages, domain: &domain, language: None, country: None };
        let found = address::find(&site).into_iter().next()?.value.address;
        let is_all = fold(&found.city) == fold(parts[2]) && fold(&found.zip) == fold(parts[1]);
        (is_all && !(found.street1.is_empty() && found.street2.is_empty())).then_some(found)
    }
}

/// Whether a text stands in a line as whole words, whatever the letter case.
fn stands(text: &str, line: &str) -> bool {
    let (text, line) = (fold(text), fold(line));
    !text.is_empty()
        && line.match_indices(&text).any(|(at, _)| {
            let before = line.get(..at).and_then(|before| before.chars().next_back());
            let after = line.get(at + text.len()..).and_then(|after| after.chars().next());
            let is_open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || crate::fold::is_unspaced(c));
            is_open(before) && is_open(after)
        })
}

fn visible(page: &Page) -> impl Iterator<Item = &Line> {
    page.lines.iter().filter(|line| !line.hidden)
}

/// The lines around the first place where a name stands, up to the next person.
fn around(pages: &[Page], name: &str, others: &[String]) -> Option<Passage> {
    if name.chars().count() < 4 {
        return None;
    }
    pages.iter().find_map(|page| {
        let lines: Vec<&str> = visible(page).map(|line| line.text.as_str()).collect();
        let at = lines.iter().position(|line| line.len() < 2_000 && stands(name, line))?;
        let is_another = |line: &&&str| others.iter().any(|other| fold(line).contains(other.as_str()));
        let before: Vec<&&str> =
            lines.get(..at)?.iter().rev().take(AROUND).take_while(|line| !is_another(line)).collect();
        let after = lines.get(at + 1..)?.iter().take(AROUND).take_while(|line| !is_another(line));
        let own = window(lines.get(at)?, name);
        let chosen = before.into_iter().rev().map(|line| prefix(line, LINE)).chain([own]);
        let chosen = chosen.chain(after.map(|line| prefix(line, LINE)));
        Some(Passage { url: page.url.to_string(), lines: chosen.map(str::to_owned).collect() })
    })
}

/// The part of a line that a name stands in.
fn window<'a>(line: &'a str, name: &str) -> &'a str {
    let at = line.find(name).unwrap_or(0);
    let start = line.get(..at).and_then(|before| before.rfind(". ")).map_or(0, |end| end + 2);
    prefix(line.get(start..).unwrap_or(line), 2 * LINE)
}

/// Lines with a number that may be a postal code, and their neighbours.
fn address_lines(pages: &[Page]) -> Option<Passage> {
    pages.iter().find_map(|page| {
        let lines: Vec<&str> = visible(page).map(|line| line.text.as_str()).collect();
        let at = lines.iter().position(|line| is_like_address(line))?;
        let chosen = lines.get(at.saturating_sub(AROUND)..)?.iter().take(MOST_LINES);
        Some(Passage { url: page.url.to_string(), lines: chosen.map(|line| prefix(line, LINE).to_owned()).collect() })
    })
}

fn is_like_address(line: &str) -> bool {
    let is_year = |run: &str| run.len() == 4 && ("1800"..="2099").contains(&run);
    let mut runs = line.split(|c: char| !c.is_ascii_digit());
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let words = line.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2).count();
    let is_other = line.contains(['©', '@', '€', '$']);
    (8..=LINE).contains(&line.len())
        && runs.any(|run| (4..=6).contains(&run.len()) && !is_year(run))
        && (5..=10).contains(&digits)
        && words >= 2
        && !is_other
}

#[cfg(test)]
mod tests {
    use cmes_types::Contact;

    use super::*;

    const PAGE: &str = "<main><h1>Über uns</h1><p>Seit 2010 führt Anna Schmidt als Leiterin Einkauf unser Team in Halle.\
        <p>Mit ihr arbeitet Ben Krause an neuen Pumpen.</main><footer><p>Sie finden uns in der Lindenstraße 5, mitten in \
        06108 Halle.</footer>";

    fn gaps(html: &str, names: &[(&str, &str)]) -> Gaps {
        let url = Url::parse("https://www.nordwind.example/").expect("a URL");
        let pages = [read(&RawPage { url: &url, headers: &[], html })];
        let contact = |(name, position): &(&str, &str)| Contact {
            name: (*name).to_owned(),
            job_position: (*position).to_owned(),
            ..Contact::default()
        };
        let data = CompanyData { contacts: names.iter().map(contact).collect(), ..CompanyData::default() };
        Gaps::find(&pages, &data)
    }

    #[test]
    fn gaps_are_what_the_pages_may_say() {
        let found = gaps(PAGE, &[("Anna Schmidt", ""), ("Ben Krause", "Monteur")]);
        assert_eq!(found.people.len(), 1);
        assert!(found.people[0].passage.lines.iter().any(|line| line.contains("Leiterin Einkauf")));
        assert!(found.people[0].passage.lines.iter().all(|line| !line.contains("Krause")), "{found:?}");
        assert!(found.address.is_some());
        assert!(gaps("<p>Founded in 1987 in Hamburg, the company has 140 employees.", &[]).is_empty());
        assert!(
            gaps("<p>Pumps.", &[("Anna Schmidt", "")]).is_empty(),
            "nothing stands around a name that is not there"
        );
    }

    #[test]
    fn a_position_counts_when_it_stands_near_the_person() {
        let found = gaps(PAGE, &[("Anna Schmidt", ""), ("Ben Krause", "")]);
        let anna = &found.people[0];
        assert_eq!(anna.position("Leiterin Einkauf").map(|(title, _)| title).as_deref(), Some("Leiterin Einkauf"));
        for invented in
            ["Geschäftsführerin", "Leiterin", "Team", "Anna Schmidt", "", "Pumpen", "Leiterin Einkauf!", "<b>CEO</b>"]
        {
            let is_kept = anna.position(invented).is_some_and(|(title, _)| title != "Leiterin");
            assert!(!is_kept, "{invented}");
        }
        assert!(found.people[1].position("Leiterin Einkauf").is_none(), "that is another person's");
    }

    #[test]
    fn an_address_counts_when_all_of_it_stands_there_and_is_one() {
        let found = gaps(PAGE, &[]);
        let passage = found.address.expect("lines like an address");
        let address = passage.address("Lindenstraße 5", "06108", "Halle").expect("an address");
        assert_eq!((address.city.as_str(), address.zip.as_str()), ("Halle", "06108"));
        assert!([address.street1, address.street2].contains(&"Lindenstraße 5".to_owned()));
        for (street, zip, city) in [
            ("Lindenstraße 6", "06108", "Halle"),
            ("Lindenstraße 5", "06109", "Halle"),
            ("Lindenstraße 5", "06108", "Leipzig"),
            ("Sie finden uns", "06108", "Halle"),
            ("", "06108", "Halle"),
            ("Lindenstraße 5", "06108", ""),
            ("</address>", "06108", "Halle"),
        ] {
            assert_eq!(passage.address(street, zip, city), None, "{street}, {zip} {city}");
        }
    }
}
