//! From text to what is compared: stems of words, and the ideas and places behind them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::super::data::{self, Data, Part};

/// `engine.toml`.
#[derive(Deserialize)]
pub(super) struct Lexicon {
    ideas: BTreeMap<String, String>,
    places: BTreeMap<String, String>,
}

impl Lexicon {
    /// That of all parts.
    pub fn read() -> Self {
        let mut all = Self { ideas: BTreeMap::new(), places: BTreeMap::new() };
        for part in Part::ALL {
            let of_part: Self = data::toml(&part.file("engine.toml"));
            for (into, from) in [(&mut all.ideas, of_part.ideas), (&mut all.places, of_part.places)] {
                for (name, forms) in from {
                    *into.entry(name).or_default() += &format!(" {forms}");
                }
            }
        }
        all
    }
}

/// What words mean.
pub(super) struct Words {
    /// Folded form to ideas.
    forms: BTreeMap<String, Vec<String>>,
    /// The same by the root of the form, for words in another case or number.
    roots: BTreeMap<String, Vec<String>>,
    /// Forms that count as typed in capitals alone.
    capitals: BTreeMap<String, Vec<String>>,
    /// Words of which others are made: `rohr` in `Rohrhersteller`.
    within: Vec<(String, String)>,
    /// Places that a place is in.
    around: BTreeMap<String, Vec<String>>,
}

/// What a text is found by: stems and ideas, with repetitions.
pub(super) type Terms = Vec<String>;

impl Words {
    pub fn new(data: &Data, lexicon: &Lexicon) -> Self {
        let mut words = Self {
            forms: BTreeMap::new(),
            roots: BTreeMap::new(),
            capitals: BTreeMap::new(),
            within: Vec::new(),
            around: BTreeMap::new(),
        };
        for (idea, forms) in &lexicon.ideas {
            let idea = format!("@{idea}");
            for form in forms.split_whitespace() {
                words.add(form, &idea);
                let folded = fold(form);
                if folded.chars().count() >= 4 && !folded.contains('_') && folded.is_ascii() {
                    words.within.push((folded, idea.clone()));
                }
            }
        }
        for (place, forms) in &lexicon.places {
            forms.split_whitespace().for_each(|form| words.add(form, &format!("@{place}")));
        }
        words.add_places(data);
        words
    }

    fn add_places(&mut self, data: &Data) {
        for (code, country) in &data.countries {
            country.name.values().for_each(|name| self.add(&name.replace(' ', "_"), &format!("@{code}")));
        }
        for (key, city) in &data.cities {
            let (place, region) = (format!("@{key}"), format!("@{}", city.region));
            self.add(&city.name.replace(' ', "_"), &place);
            self.add(&key.replace('-', "_"), &place);
            for name in city.other_regions.iter().chain([&city.region]) {
                self.add(&name.replace(' ', "_"), &region);
            }
            self.around.insert(region.clone(), vec![format!("@{}", city.country)]);
            self.around.insert(place, vec![region, format!("@{}", city.country)]);
        }
    }

    fn add(&mut self, form: &str, idea: &str) {
        let is_code = form.len() <= 4 && form.chars().all(|c| c.is_ascii_uppercase());
        if is_code {
            note(&mut self.capitals, form.to_owned(), idea);
            return;
        }
        let form = fold(form);
        if let Some(root) = root(&form) {
            note(&mut self.roots, root, idea);
        }
        note(&mut self.forms, form, idea);
    }

    /// Stems of the words, and the ideas of words and phrases. A page about a city is about its country too.
    pub fn terms(&self, text: &str, is_page: bool) -> Terms {
        let typed: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'').filter(|it| !it.is_empty()).collect();
        let folded: Vec<String> = typed.iter().map(|word| fold(word)).collect();
        let mut terms = Vec::with_capacity(folded.len() * 2);
        for (number, word) in folded.iter().enumerate() {
            let mut ideas: BTreeSet<&str> = BTreeSet::new();
            let mut phrase = String::new();
            for next in folded.iter().skip(number).take(4) {
                if !phrase.is_empty() {
                    phrase.push('_');
                }
                phrase.push_str(next);
                ideas.extend(self.forms.get(&phrase).into_iter().flatten().map(String::as_str));
            }
            ideas.extend(
                typed.get(number).and_then(|it| self.capitals.get(*it)).into_iter().flatten().map(String::as_str),
            );
            if ideas.is_empty() {
                ideas.extend(
                    root(word).and_then(|root| self.roots.get(&root)).into_iter().flatten().map(String::as_str),
                );
            }
            if ideas.is_empty() && word.len() >= 8 {
                ideas.extend(self.made_of(word));
            }
            if !word.is_ascii() {
                ideas.extend(self.written_together(word));
            }
            if is_page {
                let around: Vec<&str> =
                    ideas.iter().filter_map(|idea| self.around.get(*idea)).flatten().map(String::as_str).collect();
                ideas.extend(around);
            }
            terms.extend(ideas.into_iter().map(str::to_owned));
            terms.extend(stems(word));
        }
        terms
    }

    /// Ideas of the words at the two ends of a compound.
    fn made_of<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let has = move |form: &str| word.starts_with(form) || word.ends_with(form);
        self.within.iter().filter(move |(form, _)| has(form)).map(|(_, idea)| idea.as_str())
    }

    /// Ideas within a run of Chinese or Japanese letters.
    fn written_together<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let is_cjk = word.chars().any(is_cjk);
        let forms = self
            .forms
            .iter()
            .filter(move |(form, _)| is_cjk && form.chars().any(self::is_cjk) && word.contains(form.as_str()));
        forms.flat_map(|(_, ideas)| ideas).map(String::as_str)
    }
}

fn note(table: &mut BTreeMap<String, Vec<String>>, form: String, idea: &str) {
    let ideas = table.entry(form).or_default();
    if !ideas.iter().any(|it| it == idea) {
        ideas.push(idea.to_owned());
    }
}

/// What a word has in common with its other cases and numbers; short words and phrases have no root.
fn root(word: &str) -> Option<String> {
    let letters = word.chars().count();
    if letters < 5 || word.contains('_') {
        return None;
    }
    let root: String = match letters {
        8.. => word.chars().take(7).collect(),
        _ => word.trim_end_matches(['s', 'e', 'n', 'y', 'i', 'a', 'ы', 'и', 'а', 'я', 'ь', 'е', 'у', 'ю']).to_owned(),
    };
    (root.chars().count() >= 4).then_some(root)
}

fn is_cjk(c: char) -> bool {
    ('\u{3040}'..='\u{9fff}').contains(&c)
}

/// Small letters without accents.
pub(super) fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ğ' => 'g',
        'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' => 'u',
        'ý' => 'y',
        'ł' => 'l',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect::<String>().replace('ß', "ss")
}

/// A crude stem: six letters of a long word, a short one without its last vowel or `s`; pairs of Chinese letters.
fn stems(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.iter().any(|c| is_cjk(*c)) {
        return letters.windows(2).map(|pair| pair.iter().collect()).collect();
    }
    let short: String = match letters.len() {
        0..=2 if !letters.iter().all(char::is_ascii_digit) => return Vec::new(),
        0..=4 => word.to_owned(),
        5 | 6 => word.trim_end_matches(['s', 'e', 'n', 'y', 'i', 'ы', 'и', 'а']).to_owned(),
        _ => letters.iter().take(6).collect(),
    };
    vec![if short.is_empty() { word.to_owned() } else { short }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_several_languages_mean_the_same() {
        let words = Words::new(&Data::read(), &Lexicon::read());
        let check = |text: &str, ideas: &[&str]| {
            let terms = words.terms(text, false);
            for idea in ideas {
                assert!(terms.iter().any(|term| term == idea), "{text}: {terms:?}");
            }
        };
        check("Rohrhersteller USA", &["@pipe", "@make", "@US"]);
        check("fabricants de tubes", &["@pipe", "@make"]);
        check("отели в Италии", &["@hotel", "@IT"]);
        check("hotele w Hiszpanii i Portugalii", &["@hotel", "@ES", "@PT"]);
        check("clínicas dentales en Múnich", &["@dentist"]);
        check("中国工业阀门制造商", &["@valve", "@make", "@CN"]);
        assert!(!words.terms("call us", false).contains(&"@US".to_owned()));
    }
}
