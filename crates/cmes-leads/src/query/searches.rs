//! What to ask providers of search for a query: in its own words, in the
//! languages of its places, in English, then with wider words and places.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use cmes_extract::places::fold;
use cmes_extract::trades::Trade;
use cmes_types::{CompanySearch, LanguageCode};

use super::{Activity, Place, Query, What, names};

/// Searches of a round.
const ROUND: usize = 8;
/// Most searches that are made of a query at all.
const MOST: usize = 64;
/// Most of each that searches are made of.
const MOST_ACTIVITIES: usize = 4;
const MOST_PLACES: usize = 16;
/// Longest text of a search, in bytes.
const LONGEST: usize = 200;
/// Most words of a condition that is searched for.
const MOST_WORDS: usize = 4;

/// A place to search in: as it was asked for, or one country or region of an area.
#[derive(Clone, Copy)]
enum Where<'a> {
    Anywhere,
    Place(&'a Place),
    /// The area as such, by its name.
    Area(&'a str),
}

impl Query {
    /// What to ask providers of search, best first, at most eight: in the words of the query,
    /// in the languages of its places, in English, then with other words for it and for lists of
    /// such companies. No two are the same.
    #[must_use]
    pub fn searches(&self) -> Vec<CompanySearch> {
        self.plan().into_iter().take(ROUND).collect()
    }

    /// What to ask when that found too little: the searches of later rounds, from 1 on, at most eight
    /// each; none when there is nothing left to ask.
    #[must_use]
    pub fn wider(&self, round: usize) -> Vec<CompanySearch> {
        self.plan().into_iter().skip(round.saturating_mul(ROUND)).take(ROUND).collect()
    }

    /// Every search, best first.
    fn plan(&self) -> Vec<CompanySearch> {
        let mut plan = Plan { query: self, out: Vec::new(), known: HashSet::new() };
        if self.activities.is_empty() {
            plan.add(&self.text, self.language, "", self.places.first().map_or(Where::Anywhere, Where::Place));
            return plan.out;
        }
        let asked = self.asked_places();
        let all: Vec<Where<'_>> = self.places.iter().take(MOST_PLACES).map(Where::Place).collect();
        let all = if all.is_empty() { vec![Where::Anywhere] } else { all };
        let activities: Vec<&Activity> = self.activities.iter().take(MOST_ACTIVITIES).collect();
        let pairs = |places: &[Where<'_>]| -> Vec<(usize, usize)> {
            (0..places.len()).flat_map(|place| (0..activities.len()).map(move |activity| (activity, place))).collect()
        };
        let each = |places: &[Where<'_>], take: &mut dyn FnMut(&Activity, &Where<'_>)| {
            for (activity, place) in pairs(places) {
                if let (Some(activity), Some(place)) = (activities.get(activity), places.get(place)) {
                    take(activity, place);
                }
            }
        };
        each(&asked, &mut |activity, place| plan.own_words(activity, *place));
        each(&all, &mut |activity, place| plan.local(activity, *place, 0));
        each(&asked, &mut |activity, place| plan.named(activity, *place, LanguageCode::ENGLISH));
        each(&asked, &mut |activity, place| plan.lists(activity, *place));
        each(&asked, &mut |activity, place| plan.named(activity, *place, self.language));
        for widening in Widening::ALL {
            let wider: Vec<Place> = self.places.iter().filter_map(|place| widening.of(place)).collect();
            let wider: Vec<Where<'_>> = wider.iter().map(Where::Place).collect();
            each(&wider, &mut |activity, place| plan.own_words(activity, *place));
            each(&wider, &mut |activity, place| plan.local(activity, *place, 0));
        }
        each(&all, &mut |activity, place| plan.local(activity, *place, 1));
        each(&all, &mut |activity, place| plan.lists(activity, *place));
        each(&all, &mut |activity, place| plan.other_trades(activity, *place));
        plan.out
    }

    /// The places as they were asked for: an area once.
    fn asked_places(&self) -> Vec<Where<'_>> {
        let mut out: Vec<Where<'_>> = Vec::new();
        let mut areas: Vec<&str> = Vec::new();
        for place in self.places.iter().take(MOST_PLACES) {
            if !place.is_part {
                out.push(Where::Place(place));
            } else if !areas.contains(&place.words.as_str()) {
                areas.push(&place.words);
                out.push(Where::Area(&place.words));
            }
        }
        if out.is_empty() { vec![Where::Anywhere] } else { out }
    }
}

/// How a place is widened when it holds too few.
#[derive(Clone, Copy)]
enum Widening {
    Region,
    Country,
}

impl Widening {
    const ALL: [Self; 2] = [Self::Region, Self::Country];

    fn of(self, place: &Place) -> Option<Place> {
        let wider = Place { country: place.country, ..Place::default() };
        match self {
            Self::Region => {
                place.city.as_ref()?;
                let region = Place { region: Some(place.region.clone()?), ..wider };
                Some(Place { words: region.name(LanguageCode::ENGLISH), ..region })
            }
            Self::Country => {
                place.region.as_ref().or(place.city.as_ref())?;
                Some(Place { words: wider.country?.name(LanguageCode::ENGLISH).to_owned(), ..wider })
            }
        }
    }
}

struct Plan<'a> {
    query: &'a Query,
    out: Vec<CompanySearch>,
    known: HashSet<String>,
}

impl Plan<'_> {
    /// In the words of the query, with the certificates and the like that it asks for.
    fn own_words(&mut self, activity: &Activity, place: Where<'_>) {
        let language = self.query.language;
        let wanted =
            self.query.conditions.iter().filter(|wanted| !wanted.is_excluded).filter_map(|wanted| match &wanted.what {
                What::Words(words) if words.split_whitespace().count() <= MOST_WORDS => Some(words.as_str()),
                What::AnyOf(all) => all.first().map(String::as_str),
                _ => None,
            });
        let parts: Vec<&str> = [activity.words.as_str()].into_iter().chain(wanted.take(2)).collect();
        let place_name = match place {
            Where::Place(place) if !place.words.is_empty() => self.spelled(place, language),
            other => name_of(other, language),
        };
        let text = format!("{} {place_name}", parts.join(" "));
        self.add(&text, language, &activity.words, place);
    }

    /// A place of the query in its own words; one that was widened, in its language.
    fn spelled(&self, place: &Place, language: LanguageCode) -> String {
        if self.query.text.contains(&place.words) { place.words.clone() } else { place.name(language) }
    }

    /// In a main language of the place, by the names of the catalogue.
    fn local(&mut self, activity: &Activity, place: Where<'_>, nth: usize) {
        let Where::Place(spot) = place else { return };
        let Some(language) = spot.languages().get(nth).copied() else { return };
        // Words of the query find nothing more with the place's name in a second language.
        if nth == 0 || called(activity, language).is_some() {
            self.named(activity, place, language);
        }
    }

    /// By the names of the catalogue in a language.
    fn named(&mut self, activity: &Activity, place: Where<'_>, language: LanguageCode) {
        let Some(words) = called(activity, language) else {
            // What the catalogue does not know keeps its words, with the role and the place as they are called there.
            if language != self.query.language {
                let role = activity.role.map_or("provider", |role| role.id.as_str());
                if let Some(form) = form_of(role, language).or_else(|| form_of("provider", language)) {
                    let text = format!("{} {}", form.replace("{x}", &activity.thing), name_of(place, language));
                    self.add(&text, language, &activity.words, place);
                }
            }
            let text = format!("{} {}", activity.words, name_of(place, language));
            return self.add(&text, self.query.language, &activity.words, place);
        };
        let text = format!("{words} {}", name_of(place, language));
        self.add(&text, language, &words, place);
    }

    /// Lists of such companies, in the place's language and in the query's.
    fn lists(&mut self, activity: &Activity, place: Where<'_>) {
        let local = match place {
            Where::Place(place) => place.languages().first().copied(),
            _ => None,
        };
        let own = self.query.language;
        for (language, form) in [(own, "list"), (local.unwrap_or(own), "list"), (local.unwrap_or(own), "directory")] {
            let words = if language == own { Some(activity.words.clone()) } else { called(activity, language) };
            let (Some(words), Some(form)) = (words, form_of(form, language)) else { continue };
            let text = form.replace("{x}", &words).replace("{place}", &name_of(place, language));
            // Nowhere in particular: "list of pipe manufacturers in" ends with its preposition.
            let text = text.trim().strip_suffix(" in").unwrap_or(text.trim()).to_owned();
            self.add(&text, language, &words, place);
        }
    }

    /// By each further trade that the words name.
    fn other_trades(&mut self, activity: &Activity, place: Where<'_>) {
        for trade in activity.trades.iter().skip(usize::from(activity.named.is_empty())) {
            let one = Activity { trades: vec![trade], named: Vec::new(), ..activity.clone() };
            self.named(&one, place, self.query.language);
        }
    }

    fn add(&mut self, text: &str, language: LanguageCode, activity: &str, place: Where<'_>) {
        let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        while text.len() > LONGEST {
            // Cut at a blank where there is one, at a letter else.
            let end = text.rfind(' ').filter(|end| *end > 0);
            let end = end.unwrap_or_else(|| {
                text.char_indices().map(|(at, _)| at).take_while(|at| *at <= LONGEST).last().unwrap_or(0)
            });
            text.truncate(end);
        }
        if self.out.len() >= MOST || text.is_empty() || !self.known.insert(fold(&text)) {
            return;
        }
        let place = match place {
            Where::Place(place) => Some(place),
            _ => None,
        };
        let is_local = |place: &Place| place.languages().contains(&language);
        let locality = place.and_then(|place| {
            place
                .city
                .as_ref()
                .or(place.region.as_ref())
                .map(|local| if is_local(place) { local.clone() } else { place.name(language) })
        });
        self.out.push(CompanySearch {
            text,
            language,
            activity: activity.to_owned(),
            country: place.and_then(|place| place.country).map(|country| country.code().to_owned()),
            locality,
            most: 0,
        });
    }
}

fn name_of(place: Where<'_>, language: LanguageCode) -> String {
    match place {
        Where::Anywhere => String::new(),
        Where::Place(place) => place.name(language),
        Where::Area(words) => words.to_owned(),
    }
}

/// An activity in a language, by the names of the catalogue: "pipe manufacturers", "Hersteller Rohre".
fn called(activity: &Activity, language: LanguageCode) -> Option<String> {
    let role = activity.role.map(|role| role.id.as_str());
    // What is named is as exact as the words; a trade beside it is the wider one.
    let named = activity.named.iter().map(|names| names.id);
    let mut ids = named.chain(activity.trades.iter().map(|trade| trade.id.as_str()));
    let exact = activity.named.first().and_then(|names| Some((names, names.name(language)?)));
    if let Some((names, name)) = exact {
        let role = if names.is_service() { None } else { Some(role.unwrap_or("maker")) };
        let form = role.and_then(|role| form_of(role, language).or_else(|| form_of("provider", language)));
        return Some(form.map_or_else(|| name.to_owned(), |form| form.replace("{x}", name)));
    }
    if let Some(name) = ids.find_map(|id| names::companies(id, language)) {
        return Some(name.to_owned());
    }
    let trade = activity.trades.first().copied()?;
    let has_own_name =
        matches!(role, None | Some("supplier" | "installer" | "maker")) && (trade.serves() || role.is_none());
    let own = has_own_name
        .then(|| trade.companies(language).map(str::to_owned).or_else(|| without_article(trade, language)))
        .flatten();
    let words = own.or_else(|| {
        let role = role.unwrap_or(if trade.serves() { "provider" } else { "maker" });
        let form = form_of(role, language).or_else(|| form_of("provider", language))?;
        Some(form.replace("{x}", trade.goods(language)?))
    })?;
    let customers =
        activity.customers.first().and_then(|trade| trade.companies(language).or_else(|| trade.goods(language)));
    Some(customers.map_or(words.clone(), |customers| format!("{words} {customers}")))
}

/// "a law firm" as one searches for it.
fn without_article(trade: &Trade, language: LanguageCode) -> Option<String> {
    const ARTICLES: [&str; 12] = ["a", "an", "ein", "eine", "un", "une", "una", "uno", "um", "uma", "een", "einen"];
    let own = trade.company(language)?;
    let own = own.strip_prefix("un'").unwrap_or(own);
    let (first, rest) = own.split_once(' ').unwrap_or(("", own));
    Some(if ARTICLES.contains(&first) { rest.to_owned() } else { own.to_owned() })
}

/// A form of `data/searches.toml`.
fn form_of(name: &str, language: LanguageCode) -> Option<&'static str> {
    static FORMS: LazyLock<HashMap<String, HashMap<String, String>>> = LazyLock::new(|| {
        toml::from_str(include_str!("../../data/searches.toml")).expect("the file is fixed and read by the tests")
    });
    FORMS.get(name)?.get(language.as_str()).map(String::as_str)
}
