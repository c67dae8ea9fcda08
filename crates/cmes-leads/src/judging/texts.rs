//! The texts of a company's pages that tell what it does, each with its weight.

use std::collections::{HashMap, HashSet};

use cmes_extract::facts::{business, language};
use cmes_extract::grounding::is_instruction;
use cmes_extract::page::{Line, Page, Region, prefix};
use cmes_extract::sentences;
use cmes_types::LanguageCode;

use super::Company;
use super::lexicon::{Kind, LEXICON, Mention, padded};
use super::meant::audiences;
use super::setting::SETTING;

/// A text with where it stands and how much it tells.
pub(crate) struct Telling<'a> {
    pub(crate) page: usize,
    pub(crate) text: &'a str,
    /// Folded, with a blank at both ends.
    pub(crate) folded: String,
    /// What it says of the company, from 0.1 (an entry of a list) to 3 (its title).
    pub(crate) weight: f32,
    /// It can be shown to a reader as it stands.
    pub(crate) is_line: bool,
    pub(crate) mentions: Vec<Mention>,
    /// It tells what the company uses, buys or serves.
    pub(crate) is_usage: bool,
    /// Makers and dealers that it names are others.
    pub(crate) is_of_others: bool,
}

/// Weight from which a text says what a company is: its title, description, first heading and sentence.
pub(super) const STATEMENT: f32 = 1.5;

impl Telling<'_> {
    /// Whether it stands where a company says what it is.
    pub(crate) fn is_statement(&self) -> bool {
        self.weight >= STATEMENT
    }

    /// Whether what stands at a place is said of those whom something is for.
    pub(crate) fn is_for_others(&self, place: usize) -> bool {
        audiences(&self.folded, &self.mentions).iter().any(|(from, to)| (*from..*to).contains(&place))
    }
}

/// All of them, and the language of the site.
pub(crate) struct Texts<'a> {
    pub(crate) list: Vec<Telling<'a>>,
    pub(crate) language: Option<LanguageCode>,
}

/// Bytes of text of one company that are read.
const ROOM: usize = 60_000;
/// Headings, sentences and entries of lists of one page that are read.
const HEADINGS: usize = 40;
const SENTENCES: usize = 120;
const ENTRIES: usize = 120;
/// Longest text that is read at once.
const LONGEST: usize = 1_200;

impl<'a> Texts<'a> {
    pub(crate) fn of(company: &Company<'a>) -> Self {
        let known = company.data.and_then(|data| data.language.parse().ok());
        let said = || company.pages.iter().find_map(|page| page.lang.parse().ok());
        let language = known
            .or_else(said)
            .or_else(|| language::find(company.pages.get(..1).unwrap_or_default()).map(|found| found.value));
        let mut gathered = Gathered { texts: Self { list: Vec::new(), language }, known: HashSet::new(), room: ROOM };
        if let Some(data) = company.data {
            gathered.add(0, &data.company_name, 2.0, false);
        }
        for (index, page) in company.pages.iter().enumerate() {
            if index == 0 || business::is_about_business(page) {
                gathered.page(page, index);
            }
        }
        gathered.texts.drop_namesakes();
        gathered.texts
    }

    /// On the site of a company whose trade shares its words with another's, they do not mean that one: its pipes are
    /// those that are smoked.
    fn drop_namesakes(&mut self) {
        let mut weights: HashMap<u16, f32> = HashMap::new();
        for text in &self.list {
            for one in &text.mentions {
                *weights.entry(one.concept).or_default() += text.weight;
            }
        }
        let weight = |at: u16| weights.get(&at).copied().unwrap_or_default();
        let dropped: Vec<u16> = weights
            .keys()
            .filter_map(|at| {
                let own = LEXICON.concept(*at).filter(|own| own.kind != Kind::Noise)?;
                Some((*at, LEXICON.find(own.instead_of.as_deref()?)?))
            })
            .filter(|(own, other)| weight(*own) >= 1.5 && weight(*own) >= weight(*other))
            .map(|(_, other)| other)
            .collect();
        if !dropped.is_empty() {
            self.list.iter_mut().for_each(|text| text.mentions.retain(|one| !dropped.contains(&one.concept)));
        }
    }
}

struct Gathered<'a> {
    texts: Texts<'a>,
    known: HashSet<&'a str>,
    room: usize,
}

impl<'a> Gathered<'a> {
    fn add(&mut self, page: usize, text: &'a str, weight: f32, is_line: bool) {
        let text = prefix(text.trim(), LONGEST);
        if text.len() < 2 || text.len() > self.room || !self.known.insert(text) {
            return;
        }
        self.room -= text.len();
        let folded = LEXICON.plain(padded(text), self.texts.language);
        let mentions = LEXICON.mentions(&folded, self.texts.language);
        let is_usage = is_line && SETTING.is_usage(&folded);
        let is_of_others = SETTING.is_of_others(&folded);
        self.texts.list.push(Telling { page, text, folded, weight, is_line, mentions, is_usage, is_of_others });
    }

    fn page(&mut self, page: &'a Page, index: usize) {
        let is_home = index == 0;
        self.add(index, prefix(&page.title, 300), if is_home { 3.0 } else { 0.7 }, true);
        for name in ["description", "og:description"] {
            for sentence in sentences::split(page.meta(name).unwrap_or_default()).into_iter().take(4) {
                self.add(index, sentence, if is_home { 2.0 } else { 0.6 }, true);
            }
        }
        for word in prefix(page.meta("keywords").unwrap_or_default(), 400).split(',').take(10) {
            self.add(index, word, 0.3, false);
        }
        let own = page.items.iter().filter(|item| item.is_organization()).flat_map(|item| item.texts("description"));
        for text in own.take(2) {
            self.add(index, text, 2.0, true);
        }
        let (mut headings, mut said, mut entries) = (0, 0, 0);
        let mut aside: Option<u8> = None;
        let mut is_lead = is_home;
        // On a page without headings the first line is one, and its few lines are all that it says.
        let is_bare = !page.lines.iter().any(|line| line.heading > 0 && !line.hidden);
        let mut is_first = is_bare && is_home;
        for line in &page.lines {
            if line.hidden || line.region == Region::Overlay || said >= SENTENCES {
                continue;
            }
            if line.heading > 0 {
                if aside.is_none_or(|level| line.heading <= level) {
                    aside = is_section_of_others(&line.text).then_some(line.heading);
                }
                if headings < HEADINGS && matches!(line.region, Region::Main | Region::Body | Region::Header) {
                    headings += 1;
                    let weight = match (is_home, line.heading) {
                        (true, 1) => 2.5,
                        (true, _) => 1.0,
                        (false, 1) => 1.2,
                        (false, _) => 0.7,
                    };
                    self.add(index, &line.text, if aside.is_some() { 0.2 } else { weight }, true);
                }
                continue;
            }
            let share = if aside.is_some() { 0.2 } else { 1.0 };
            if is_stuffed(&line.text) {
                continue;
            }
            if std::mem::take(&mut is_first) {
                self.add(index, &line.text, 1.5, true);
                continue;
            }
            if is_paragraph(line) {
                for sentence in sentences::split(&line.text).into_iter().take(12) {
                    if is_instruction(sentence) {
                        continue;
                    }
                    said += 1;
                    let weight = match (is_lead, is_home) {
                        (true, _) => 1.6,
                        (false, true) => 1.0,
                        (false, false) => 0.8,
                    };
                    self.add(index, sentence, weight * share, true);
                    is_lead = false;
                }
            } else if entries < ENTRIES && line.region != Region::Footer {
                entries += 1;
                let is_own = matches!(line.region, Region::Main | Region::Body);
                let weight = match (is_own, is_bare && is_home) {
                    (true, true) => 0.8,
                    (true, false) => 0.4,
                    (false, _) => 0.25,
                };
                self.add(index, &line.text, weight * share, is_own);
            }
        }
    }
}

/// A sentence of running text rather than an entry of a list.
fn is_paragraph(line: &Line) -> bool {
    let is_place = matches!(line.region, Region::Main | Region::Body | Region::Header | Region::Aside);
    let length = line.text.chars().count();
    is_place && (length >= 60 || length >= 14 && sentences::is_ended(&line.text))
}

/// A heap of words for search engines rather than for readers: many, and the same ones again.
fn is_stuffed(text: &str) -> bool {
    const MANY: usize = 12;
    let parts: Vec<&str> = text.split(',').map(str::trim).take(200).collect();
    let different: HashSet<&str> = parts.iter().copied().collect();
    parts.len() >= MANY && different.len() * 4 <= parts.len() * 3
}

/// Whether a heading begins a part that speaks of customers, partners, news.
fn is_section_of_others(text: &str) -> bool {
    text.chars().count() <= 50 && SETTING.begins_section(padded(text).trim())
}
