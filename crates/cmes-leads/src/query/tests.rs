use std::fmt::Write;

use cmes_types::CompanySearch;

use super::*;

/// A place in short: "DE/Bayern/München+40".
fn place(place: &Place) -> String {
    let country = place.country.map_or("?".to_owned(), |country| country.code().to_owned());
    let mut out = country;
    if place.region.is_some() || place.city.is_some() {
        out.push('/');
        out.push_str(place.region.as_deref().unwrap_or_default());
    }
    if let Some(city) = &place.city {
        out.push('/');
        out.push_str(city);
    }
    if let Some(kilometres) = place.around {
        let _ = write!(out, "+{kilometres}");
    }
    out
}

fn places(query: &Query) -> String {
    let mut out: Vec<String> = Vec::new();
    for one in &query.places {
        let short = if one.is_part { format!("[{}]", one.words) } else { place(one) };
        if !out.contains(&short) {
            out.push(short);
        }
    }
    out.join("; ")
}

fn condition(wanted: &Wanted) -> String {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let year = |year: Option<u16>| number(year.map(u32::from));
    let what = match &wanted.what {
        What::Employees(least, most) => format!("employees {}..{}", number(*least), number(*most)),
        What::Founded(from, until) => format!("founded {}..{}", year(*from), year(*until)),
        What::Language(language) => format!("language {language}"),
        What::Activity(activity) => format!("activity {}", activity.words),
        What::Place(spot) => format!("place {}", place(spot)),
        What::Market(countries) => {
            let codes: Vec<&str> = countries.iter().map(|country| country.code()).collect();
            format!("market {}", codes.join(" "))
        }
        What::Words(words) => format!("words {words}"),
        What::AnyOf(all) => format!("any of {}", all.join(" | ")),
    };
    format!("{}{what}", if wanted.is_excluded { "!" } else { "" })
}

/// What is understood of a query, as a line of the table.
fn understood(text: &str) -> String {
    let query = Query::read(text);
    let activities: Vec<&str> = query.activities.iter().map(|activity| activity.words.as_str()).collect();
    let conditions: Vec<String> = query.conditions.iter().map(condition).collect();
    format!("{text}\t{}\t{}\t{}\t{}", query.language, activities.join("; "), places(&query), conditions.join("; "))
}

#[test]
fn queries_are_understood() {
    let table = include_str!("tests/queries.tsv");
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let (mut count, mut wrong) = (0, String::new());
    for expected in lines {
        count += 1;
        let text = expected.split('\t').next().unwrap_or_default();
        let read = understood(text);
        if read.trim_end() != expected.trim_end() {
            let _ = writeln!(wrong, "read     {read}\nexpected {expected}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}{} of {count}", wrong.lines().count() / 3);
    assert!(count >= 190, "{count}");
}

/// The searches of a query, as "language: text".
fn searches(text: &str) -> Vec<String> {
    Query::read(text).searches().into_iter().map(|search| format!("{}: {}", search.language, search.text)).collect()
}

#[test]
fn searches_begin_with_the_words_of_the_query() {
    for text in
        ["Pipe manufacturers, USA", "Zahnärzte Köln", "производители кабеля в Подмосковье", "hotels in the Alps"]
    {
        let query = Query::read(text);
        let searches = query.searches();
        let first = searches.first().expect("a query is always searched");
        assert_eq!(first.language, query.language, "{text}");
        assert!(first.text.starts_with(&query.activities[0].words), "{text}: {}", first.text);
        assert!((3..=8).contains(&searches.len()), "{text}: {searches:?}");
    }
}

#[test]
fn searches_are_in_the_languages_of_the_places() {
    let has = |text: &str, expected: &str| {
        let searches = searches(text);
        assert!(searches.iter().any(|search| search == expected), "{text}: {searches:#?}");
    };
    has("Pipe manufacturers, USA", "en: Pipe manufacturers USA");
    has("Rohrhersteller USA", "en: pipes and tubes manufacturers United States");
    has("pipe manufacturers, Germany", "de: Hersteller von Rohren Deutschland");
    has("pipe manufacturers in Munich", "de: Hersteller von Rohren München");
    has("Anwaltskanzleien in Genf", "fr: cabinets d'avocats Genève");
    has("valve manufacturers in Italy with ISO 9001", "en: valve manufacturers ISO 9001 Italy");
    has("valve manufacturers in Italy with ISO 9001", "it: produttore valvole industriali Italia");
    has("fabricants de pompes en Allemagne", "en: pumps manufacturers Germany");
    has("breweries DACH", "de: Brauereien Österreich");
    has("law firms in Warsaw", "pl: kancelarie prawne Warszawa");
    has("button manufacturers in Portugal", "pt: fabricante botões Portugal");
    has("die casting manufacturers in Italy", "it: produttore getti pressofusi Italia");
    has("sawmills in Sweden", "sv: sågverk Sverige");
    // Languages that the catalogue does not have, by the names of other files.
    has("pump manufacturers in Czech Republic", "cs: výrobci čerpadel Česko");
    has("Hotels in der Türkei", "tr: oteller Türkiye");
    has("law firms in Stockholm", "sv: advokatbyråer Stockholm");
    has("malt suppliers in Sweden", "sv: leverantör av malt och humle Sverige");
    // The exact name, where a wider one is known too.
    has("window cleaners in Prague", "cs: mytí oken Praha");
    has("window cleaners in Prague", "en: window cleaners Prague");
}

#[test]
fn words_without_a_name_are_not_searched_for_in_a_second_language() {
    for (text, other) in [("tent hire in Sweden", "Ruotsi"), ("malt suppliers in Scotland", "Deyrnas")] {
        let query = Query::read(text);
        let all: Vec<CompanySearch> = (0..8).flat_map(|round| query.wider(round)).collect();
        assert!(all.iter().all(|search| !search.text.contains(other)), "{text}: {all:#?}");
    }
}

#[test]
fn searches_name_their_parts() {
    let search = Query::read("Pumpenhersteller in Stuttgart").searches().into_iter().next().unwrap_or_default();
    assert_eq!(search.country.as_deref(), Some("DE"));
    assert_eq!(search.locality.as_deref(), Some("Stuttgart"));
    assert_eq!(search.activity, "Pumpenhersteller");
    assert_eq!(search.language.as_str(), "de");
}

#[test]
fn later_rounds_ask_something_else() {
    let query = Query::read("Pumpenhersteller in Stuttgart");
    let mut known = std::collections::HashSet::new();
    let rounds = (0..20).map(|round| query.wider(round)).take_while(|round| !round.is_empty());
    let all: Vec<CompanySearch> = rounds.flatten().collect();
    assert!(all.len() > 8, "{all:#?}");
    assert!(all.iter().all(|search| known.insert(search.text.to_lowercase())), "{all:#?}");
    assert!(all.iter().any(|search| search.text.contains("Baden-Württemberg")), "the region: {all:#?}");
    assert!(all.iter().any(|search| search.text.contains("Deutschland")), "the country: {all:#?}");
    assert_eq!(query.wider(0), query.searches());
}

#[test]
fn what_is_not_understood_is_searched_as_it_is() {
    for text in ["hello", "???", "12 34", "asdf qwer", ""] {
        let query = Query::read(text);
        assert!(query.conditions.is_empty(), "{text}");
        assert_eq!(query.text, text);
        let expected = usize::from(!text.is_empty());
        assert!(query.searches().len() >= expected, "{text}");
    }
}

fn first_activity(text: &str) -> Activity {
    Query::read(text).activities.first().cloned().unwrap_or_default()
}

fn names(activity: &Activity) -> Vec<&'static str> {
    activity.named.iter().map(|names| names.id).collect()
}

#[test]
fn activities_are_known_to_the_catalogue() {
    let check = |text: &str, trade: &str, role: Option<&str>| {
        let activity = first_activity(text);
        assert!(activity.trades.iter().any(|known| known.id == trade), "{text}: {activity:?}");
        assert_eq!(activity.role.map(|role| role.id.as_str()), role, "{text}");
    };
    check("Pipe manufacturers, USA", "pipes", Some("maker"));
    check("Rohrhersteller USA", "pipes", Some("maker"));
    check("CNC shops near Stuttgart", "turned", None);
    check("fabricantes de válvulas", "valves", Some("maker"));
    check("производители кабеля", "cables", Some("maker"));
    check("Zahnärzte Köln", "dental", None);
    check("ball bearing wholesalers", "bearings", Some("wholesale"));
    check("breweries in Texas", "brewery", None);
    check("software for hotels", "software", None);
    check("agences web à Lyon", "branding", None);
    check("imprimeries près de Nantes", "printing", None);
}

/// A name that holds that of another trade is the more exact one.
#[test]
fn activities_are_as_exact_as_their_names() {
    let check = |text: &str, id: &str| {
        let activity = first_activity(text);
        assert_eq!((activity.trades.len(), names(&activity)), (0, vec![id]), "{text}: {activity:?}");
    };
    check("insurance brokers in Lisbon", "insurance-brokers");
    check("Versicherungsmakler in Hamburg", "insurance-brokers");
    check("software for dentists in Italy", "dental-software");
    check("tunnelling contractors in Norway", "tunnelling");
    check("renovation companies in Ghent", "renovation");
    check("courtiers en assurances à Lyon", "insurance-brokers");
    check("Stahlhändler in Bayern", "steel-stockholders");
    check("autodemolizioni a Torino", "vehicle-dismantlers");
    check("зернотрейдеры в Ростове", "grain-trading");
}

#[test]
fn makers_of_plant_are_none_of_its_branch() {
    let check = |text: &str, name: &str| {
        let activity = first_activity(text);
        assert_eq!(names(&activity), [name], "{text}");
        assert!(activity.trades.is_empty(), "{text}: {activity:?}");
    };
    check("bakery machine manufacturers in Italy", "bakery-machines");
    check("brewery equipment manufacturers in Germany", "brewing-equipment");
    check("fabricants de machines d'imprimerie en France", "printing-machines");
    check("Hersteller von Bäckereimaschinen in Österreich", "bakery-machines");
    check("furniture fittings manufacturers in Austria", "furniture-fittings");
    check("manufacturers of pressure vessels in Sweden", "pressure-vessels");
    check("producenci trumien w Polsce", "coffins");
}

#[test]
fn trades_that_the_catalogue_lacks_are_known_by_name() {
    let check = |text: &str, expected: &str| {
        let activity = first_activity(text);
        let named = names(&activity);
        assert!(named.contains(&expected) && !activity.is_unknown(), "{text}: {named:?} {:?}", activity.trades);
    };
    check("wire mesh manufacturers in Turkey", "mesh");
    check("wire manufacturers in Turkey", "wire");
    check("piano manufacturers in Germany", "musical-instruments");
    check("piano tuners in Germany", "piano-tuners");
    check("Klavierstimmer in Leipzig", "piano-tuners");
    check("fabricants de glaces en Normandie", "ice-cream");
    check("fabricantes de espejos en España", "mirrors");
    check("sartorie a Napoli", "tailors");
    check("maalderijen in Gelderland", "mills");
    check("kovošroty v Ostravě", "scrap");
    check("mälterier i Sverige", "malt-hops");
    check("настройка пианино в Казани", "piano-tuners");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_is_read_and_searched(text in "\\PC{0,300}") {
        let query = Query::read(&text);
        let _ = query.searches();
        for place in &query.places {
            let _ = place.holds(place.country, &text, &text);
        }
    }

    #[test]
    fn texts_of_query_words_are_read(words in proptest::collection::vec(0..WORDS.len(), 0..400)) {
        let text: Vec<&str> = words.iter().filter_map(|at| WORDS.get(*at).copied()).collect();
        let query = Query::read(&text.join(""));
        proptest::prop_assert!(query.places.len() <= 60 && query.conditions.len() <= 40);
        let _ = query.wider(1);
    }
}

/// Pieces of queries, put together at random: up to some kilobytes.
const WORDS: &[&str] = &[
    " ",
    " ",
    " ",
    ", ",
    "-",
    " - ",
    "/",
    "1",
    "50",
    "1,000",
    " 2015",
    "ISO ",
    "9001",
    " in ",
    " near ",
    " except ",
    " with ",
    " ohne ",
    " keine ",
    " Berlin",
    " Paris",
    "Texas",
    " USA",
    "上海",
    "の",
    "東京",
    "人以上",
    " в ",
    "Москве",
    " employees",
    " more than ",
    " between ",
    " and ",
    " or ",
    "German ",
    " English",
    "-speaking",
    " founded ",
    " after ",
    " die ",
    " die",
    " herstellen",
    "pumps",
    " manufacturers",
    " companies",
    " km ",
    "+",
    ">",
    "&",
    "'",
    "…",
    "İ",
    "ß",
    "\u{301}",
    "서울의",
    "في ",
    " DACH ",
    " SMEs ",
    " large ",
    "l'",
    "d'",
    "TX",
    " no ",
    " not ",
    "(",
    ")",
    ":",
    "\n",
];
