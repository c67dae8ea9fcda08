//! The companies: who they are, before a page is written.

use std::collections::BTreeSet;

use super::data::{City, Data, Part, Size, Trade, lines, parts};
use super::pick::{below, digits, mixed, one, seed};
use super::slug::slug;

/// A company of the world, with what a careful human would know of it after reading its site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldCompany {
    /// Its own host, which is also its key.
    pub host: String,
    /// The name it goes by.
    pub name: String,
    /// The name with its legal form.
    pub legal_name: String,
    /// ISO 3166-1 alpha-2 code of the country of its seat.
    pub country: String,
    /// State, region or county of its seat, as it is called there.
    pub region: String,
    /// City of its seat, as it is called there.
    pub city: String,
    /// Key of the city in `cities.tsv`: its English name.
    pub city_key: String,
    /// Street and number.
    pub street: String,
    /// Post code.
    pub zip: String,
    /// Language of its site, ISO 639-1.
    pub language: String,
    /// What it does: keys of `activities.toml`.
    pub activities: Vec<String>,
    /// Its part in the trade: manufacturer, wholesaler, installer …
    pub role: String,
    /// Its number of people, when the site says it.
    pub employees: Option<u32>,
    /// Year of its foundation, when the site says it.
    pub founded: Option<u32>,
    /// Certificates that the site claims.
    pub certificates: Vec<String>,
    /// E-mail address.
    pub email: String,
    /// Phone number in international form.
    pub phone: String,
    /// Cities (keys) in which it has an office beside its seat.
    pub branches: Vec<String>,
    /// Whether robots may read its site.
    pub readable: bool,
    /// Name of the layout of its pages.
    pub layout: String,
    /// All that visitors can read on its site.
    pub text: String,
    /// The part of the world that it came with.
    pub part: Part,
    /// Which of the companies of its trade and language it is.
    pub(super) number: usize,
    pub(super) seed: u64,
}

/// The companies, in the order of parts, languages, activities and places.
pub(super) fn companies(data: &Data) -> Vec<WorldCompany> {
    let mut taken = Taken::default();
    let mut all: Vec<WorldCompany> = Vec::new();
    for ((part, language, activity), trade) in &data.trades {
        for (number, place) in trade.places.split_whitespace().enumerate() {
            let Some(city) = data.cities.get(place) else { panic!("{language}.toml: no such city: {place}") };
            let counted = number.to_string();
            let seed = match part {
                Part::First => seed(&[language, activity, place, &counted]),
                Part::New => seed(&[language, activity, place, &counted, "new"]),
                Part::Third => seed(&[language, activity, place, &counted, "third"]),
            };
            let turn = all.len();
            let maker = Maker { data, trade, part: *part, language, activity, city, number, seed };
            let mut company = maker.company(turn, &mut taken);
            place.clone_into(&mut company.city_key);
            company.branches = branch(data, &company, trade.size);
            all.push(company);
        }
    }
    all
}

#[derive(Default)]
struct Taken {
    names: BTreeSet<String>,
    hosts: BTreeSet<String>,
}

struct Maker<'a> {
    data: &'a Data,
    trade: &'a Trade,
    part: Part,
    language: &'a str,
    activity: &'a str,
    city: &'a City,
    number: usize,
    seed: u64,
}

/// Layouts for all languages; `imprint` comes in addition where the law asks for an imprint.
const LAYOUTS: [&str; 13] = [
    "agency",
    "tables",
    "elementor",
    "builder",
    "onepage",
    "shop",
    "footer",
    "bare",
    "stuffed",
    "corporate",
    "bilingual",
    "poor",
    "local",
];

impl Maker<'_> {
    fn company(&self, turn: usize, taken: &mut Taken) -> WorldCompany {
        let (name, latin) = self.name(turn, taken);
        let host = self.host(&latin, taken);
        let country = &self.data.countries[&self.city.country];
        let role = self.data.activities.get(self.activity).map(|it| it.role.clone()).unwrap_or_default();
        let has_form = !(matches!(role.as_str(), "clinic" | "agency" | "hotel") && below(self.seed, 2, 5) < 2);
        let form = one(self.seed, 3, &parts(&country.legal, '|')).to_owned();
        let street = one(self.seed, 4, &parts(&country.streets, '|')).to_owned();
        let mailbox = one(self.seed, 5, &parts(mailboxes(self.language), ' ')).to_owned();
        WorldCompany {
            legal_name: if has_form { form.replace("{}", &name) } else { name.clone() },
            name,
            country: self.city.country.clone(),
            region: self.city.region.clone(),
            city: self.city.name.clone(),
            city_key: String::new(),
            street: street.replace("{n}", &(1 + below(self.seed, 6, 89)).to_string()),
            zip: digits(self.seed, 100, &self.city.zip),
            language: self.language.to_owned(),
            activities: vec![self.activity.to_owned()],
            role,
            employees: (below(self.seed, 7, 20) < 11).then(|| self.employees()),
            founded: (below(self.seed, 8, 20) < 12).then(|| self.founded()),
            certificates: self.certificates(),
            email: format!("{mailbox}@{host}"),
            phone: digits(self.seed, 200, &self.city.phone),
            host,
            branches: Vec::new(),
            readable: below(self.seed, 9, 59) != 0,
            layout: self.layout(),
            text: String::new(),
            part: self.part,
            number: self.number,
            seed: self.seed,
        }
    }

    /// A name that no other company has, and the same in Latin letters as far as there are any.
    fn name(&self, turn: usize, taken: &mut Taken) -> (String, String) {
        let stems = parts(&self.data.names[self.language].stems, ' ');
        let patterns = parts(&self.trade.names, '|');
        for attempt in 0.. {
            let at =
                |shift: usize| stems.get((turn * 7 + shift + attempt * 3) % stems.len()).map_or("", String::as_str);
            let (stem, second) = (at(0), at(11));
            let pattern = &patterns[(self.number + attempt) % patterns.len()];
            // When all are taken, two families have a company together.
            let is_taken = attempt >= stems.len() * patterns.len();
            let partner = if is_taken { at(1 + attempt / stems.len()) } else { "" };
            let together = |first: &str, partner: &str| {
                if partner.is_empty() { first.to_owned() } else { format!("{first} {partner}") }
            };
            let put = |first: &str, second: &str| {
                pattern.replace("{s}", first).replace("{s2}", second).replace("{c}", &self.city.name)
            };
            let name = put(&together(written(stem), written(partner)), written(second));
            if taken.names.insert(name.to_lowercase()) {
                return (name, put(&together(latin(stem), latin(partner)), latin(second)));
            }
        }
        unreachable!("the attempts have no end")
    }

    fn host(&self, latin: &str, taken: &mut Taken) -> String {
        let join = if below(self.seed, 10, 5) < 3 { "-" } else { "" };
        let mut stem = slug(latin, join);
        if matches!(self.language, "zh" | "ja") {
            stem = format!("{stem}-{}", self.activity.split('-').next().unwrap_or_default());
        }
        let own = self.data.countries[&self.city.country].tld.as_str();
        let ending = match below(self.seed, 11, 10) {
            0..=5 => own,
            6 | 7 => "com",
            _ => "example",
        };
        let mut host = format!("{stem}.{ending}");
        while !taken.hosts.insert(host.clone()) {
            stem.push_str("-group");
            host = format!("{stem}.{ending}");
        }
        host
    }

    fn employees(&self) -> u32 {
        let (least, span) = match self.trade.size {
            Size::Small => (2, 23),
            Size::Medium => (25, 170),
            Size::Large => (210, 1200),
        };
        least + u32::try_from(below(self.seed, 12, span)).unwrap_or_default()
    }

    fn founded(&self) -> u32 {
        let span = if self.trade.size == Size::Small { 60 } else { 120 };
        2023 - u32::try_from(below(self.seed, 13, span)).unwrap_or_default()
    }

    /// Of three companies two have certificates, where the trade has any.
    fn certificates(&self) -> Vec<String> {
        let known = parts(self.data.activities.get(self.activity).map_or("", |it| &it.certificates), '|');
        let mut held = BTreeSet::new();
        if below(self.seed, 14, 3) > 0 {
            held.extend(known.first().cloned());
            held.insert(one(self.seed, 15, &known).to_owned());
        }
        held.into_iter().filter(|certificate| !certificate.is_empty()).collect()
    }

    fn layout(&self) -> String {
        if self.language == "de" && below(self.seed, 16, 5) == 0 {
            return "imprint".to_owned();
        }
        let chosen = LAYOUTS[(self.number * 5 + below(self.seed, 17, 5)) % LAYOUTS.len()];
        let fits = match chosen {
            // Words of one letter more or less are no spelling mistakes there.
            "poor" => !matches!(self.language, "zh" | "ja") && self.trade.size == Size::Small,
            "shop" => !matches!(self.trade.size, Size::Large),
            _ => true,
        };
        if fits { chosen } else { "corporate" }.to_owned()
    }
}

/// Some of the larger companies have an office in a city of another country, where there are others of their trade.
fn branch(data: &Data, company: &WorldCompany, size: Size) -> Vec<String> {
    if size == Size::Small || !mixed(company.seed).is_multiple_of(7) {
        return Vec::new();
    }
    let cities: Vec<&str> = data
        .trades
        .iter()
        .filter(|((part, _, activity), _)| *part <= company.part && company.activities.contains(activity))
        .flat_map(|(_, trade)| trade.places.split_whitespace())
        .filter(|key| data.cities.get(*key).is_some_and(|city| city.country != company.country))
        .collect();
    cities.get(below(company.seed, 18, cities.len())).map(|city| (*city).to_owned()).into_iter().collect()
}

/// How a stem is written: `华腾=huateng` is `华腾`.
fn written(stem: &str) -> &str {
    stem.split('=').next().unwrap_or(stem)
}

fn latin(stem: &str) -> &str {
    stem.split('=').next_back().unwrap_or(stem)
}

fn mailboxes(language: &str) -> &'static str {
    match language {
        "de" => "info kontakt office mail",
        "fr" => "contact accueil bonjour",
        "es" => "info contacto hola",
        "pl" => "biuro kontakt info",
        "ru" => "info zakaz mail",
        "it" => "info commerciale",
        _ => "info hello office sales",
    }
}

/// Sentences of a text with blanks for the company, the first of them chosen by its number so that neighbours differ.
pub(super) fn sentences(text: &str, company: &WorldCompany, first: usize) -> Vec<String> {
    let mut all = lines(text);
    let start = first % all.len().max(1);
    all.rotate_left(start);
    all.iter().map(|line| line.replace("{name}", &company.name).replace("{city}", &company.city)).collect()
}
