//! The files below `world/`, read into types. `world/README.md` says what they hold.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::site::{list_dir, read_text};

/// The world grew: what was added to it leaves what was there before as it was, pages and labels alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The files directly below `world/`.
    First,
    /// Those below `world/new/`.
    New,
    /// Those below `world/third/`.
    Third,
}

impl Part {
    /// All of them, in the order in which they came.
    pub const ALL: [Self; 3] = [Self::First, Self::New, Self::Third];

    /// Where the files of this part are, within `world/`.
    pub(super) fn file(self, name: &str) -> String {
        match self {
            Self::First => name.to_owned(),
            Self::New => format!("new/{name}"),
            Self::Third => format!("third/{name}"),
        }
    }
}

/// All that worlds are made of.
pub(super) struct Data {
    pub activities: BTreeMap<String, Activity>,
    pub countries: BTreeMap<String, Country>,
    pub cities: BTreeMap<String, City>,
    pub languages: BTreeMap<String, Language>,
    pub names: BTreeMap<String, Names>,
    /// By part, language and activity.
    pub trades: BTreeMap<(Part, String, String), Trade>,
    pub layouts: Vec<(String, String)>,
    pub around: Vec<(Part, Around)>,
}

#[derive(Deserialize)]
pub(super) struct Activity {
    pub role: String,
    #[serde(default)]
    pub certificates: String,
}

#[derive(Deserialize)]
pub(super) struct Country {
    pub name: BTreeMap<String, String>,
    pub tld: String,
    pub address: String,
    pub legal: String,
    pub streets: String,
}

/// A line of `cities.tsv`.
pub(super) struct City {
    pub country: String,
    pub name: String,
    pub region: String,
    pub short: String,
    /// What the region is called elsewhere.
    pub other_regions: Vec<String>,
    pub zip: String,
    pub phone: String,
}

#[derive(Deserialize)]
pub(super) struct Language {
    pub home: String,
    pub about: String,
    pub products: String,
    pub contact: String,
    pub legal: String,
    pub news: String,
    pub privacy: String,
    pub phone: String,
    pub fax: String,
    pub email: String,
    pub hours: String,
    pub paths: String,
    pub manager: String,
    pub branch: String,
    pub slogan: String,
    pub founded: String,
    pub employees: String,
    pub certificate: String,
    pub general: String,
    pub news_items: String,
    pub privacy_text: String,
}

#[derive(Deserialize)]
pub(super) struct Names {
    pub stems: String,
    pub first: String,
}

#[derive(Deserialize)]
pub(super) struct Trade {
    pub places: String,
    pub names: String,
    pub titles: String,
    pub openings: String,
    pub details: String,
    pub products: String,
    pub size: Size,
}

/// How many people such a company has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Size {
    Small,
    Medium,
    Large,
}

/// What stands around the companies: `around/*.toml`.
pub(super) struct Around {
    pub lists: Vec<List>,
    pub articles: Vec<Article>,
    pub parked: Vec<Parked>,
    pub hostile: Vec<Hostile>,
}

/// A directory, an article that lists companies, or a marketplace.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct List {
    pub host: String,
    pub title: String,
    pub language: String,
    pub intro: String,
    pub activities: Vec<String>,
    #[serde(default)]
    pub countries: Vec<String>,
    #[serde(default)]
    pub cities: Vec<String>,
    pub style: ListStyle,
    #[serde(default = "ten")]
    pub most: usize,
}

fn ten() -> usize {
    10
}

/// How a list shows companies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListStyle {
    /// With a link to each company's site.
    Links,
    /// With a page of its own for each company, on which its site is linked.
    Detail,
    /// By name and city alone.
    Names,
    /// As an article: headings and a link.
    Article,
    /// As a table; the site is text, not a link.
    Table,
    /// As offers with prices, without links to the sellers.
    Market,
}

/// News, a blog, a job board or an encyclopedia.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Article {
    pub host: String,
    pub path: String,
    pub title: String,
    pub language: String,
    /// `{0}`, `{1}` stand for names of companies of `activities`; a blank line parts paragraphs.
    pub text: String,
    #[serde(default)]
    pub activities: Vec<String>,
    #[serde(default)]
    pub countries: Vec<String>,
}

/// A domain behind which there is no company any more.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Parked {
    pub host: String,
    pub state: State,
    pub language: String,
    pub country: String,
    pub city: String,
    /// The company's name, as indices and directories still have it.
    pub name: String,
    /// What indices still show of it.
    pub remembered: String,
}

/// What answers in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The domain is for sale.
    Sale,
    /// An empty page.
    Empty,
    /// The host's own page: nothing was published yet.
    Default,
    /// 404.
    Gone,
    /// 500.
    Broken,
    /// Two addresses that send to each other.
    Loop,
    /// The connection is refused.
    Refused,
    /// The connection is taken, and nothing comes.
    Hanging,
}

/// A site that wants to deceive or to harm its reader.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Hostile {
    pub host: String,
    pub title: String,
    pub language: String,
    pub text: String,
    /// Bytes of filling behind the text.
    #[serde(default)]
    pub filling: usize,
}

impl Data {
    pub fn read() -> Self {
        Self {
            activities: toml("activities.toml"),
            countries: toml("countries.toml"),
            cities: cities(),
            languages: toml("languages.toml"),
            names: toml("names.toml"),
            trades: trades(),
            layouts: files("layouts"),
            around: Part::ALL.map(|part| (part, around(part))).into(),
        }
    }

    /// What companies of a trade write in a language.
    pub fn trade(&self, part: Part, language: &str, activity: &str) -> Option<&Trade> {
        self.trades.get(&(part, language.to_owned(), activity.to_owned()))
    }

    /// What a country is called in a language, or in English.
    pub fn country_name(&self, country: &str, language: &str) -> &str {
        let names = self.countries.get(country).map(|country| &country.name);
        names.and_then(|names| names.get(language).or_else(|| names.get("en"))).map_or("", String::as_str)
    }
}

/// The lines that say something.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What stands between these marks.
pub(super) fn parts(text: &str, mark: char) -> Vec<String> {
    text.split(mark).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("world")
}

pub(super) fn toml<T: DeserializeOwned>(file: &str) -> T {
    let path = folder().join(file);
    toml::from_str(&read_text(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The records of a file that has nothing but a list of them under this key.
pub(super) fn records<T: DeserializeOwned>(file: &str, key: &str) -> Vec<T> {
    let mut lists: BTreeMap<String, Vec<T>> = toml(file);
    lists.remove(key).unwrap_or_default()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn files(within: &str) -> Vec<(String, String)> {
    list_dir(&folder().join(within)).iter().map(|path| (stem(path), read_text(path))).collect()
}

fn trades() -> BTreeMap<(Part, String, String), Trade> {
    let mut all = BTreeMap::new();
    for part in Part::ALL {
        for path in list_dir(&folder().join(part.file("trades"))) {
            let language = stem(&path);
            let of_language: BTreeMap<String, Trade> = toml(&part.file(&format!("trades/{language}.toml")));
            all.extend(of_language.into_iter().map(|(activity, trade)| ((part, language.clone(), activity), trade)));
        }
    }
    all
}

fn around(part: Part) -> Around {
    Around {
        lists: records(&part.file("around/lists.toml"), "list"),
        articles: records(&part.file("around/articles.toml"), "article"),
        parked: records(&part.file("around/parked.toml"), "parked"),
        hostile: records(&part.file("around/hostile.toml"), "hostile"),
    }
}

fn cities() -> BTreeMap<String, City> {
    let text = read_text(&folder().join("cities.tsv"));
    let line = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [key, country, name, region, short, others, zip, phone] = cells.as_slice() else {
            panic!("cities.tsv: eight cells are expected: {line}");
        };
        let city = City {
            country: (*country).to_owned(),
            name: (*name).to_owned(),
            region: (*region).to_owned(),
            short: (*short).to_owned(),
            other_regions: parts(others, ','),
            zip: (*zip).to_owned(),
            phone: (*phone).to_owned(),
        };
        ((*key).to_owned(), city)
    };
    text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}
