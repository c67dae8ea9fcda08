use super::*;

fn country(code: &str) -> Option<Country> {
    Country::from_code(code)
}

fn place(code: &str, region: &str, city: &str) -> Place {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Place { country: country(code), region: some(region), city: some(city), ..Place::default() }
}

#[test]
fn an_address_is_in_a_place_or_not_or_it_cannot_be_told() {
    let check = |place: &Place, address: (&str, &str, &str), expected: Option<bool>| {
        let (code, state, city) = address;
        assert_eq!(place.holds(country(code), state, city), expected, "{place:?} {address:?}");
    };
    let germany = place("DE", "", "");
    check(&germany, ("DE", "", ""), Some(true));
    check(&germany, ("FR", "", "Berlin"), Some(false));
    check(&germany, ("", "", ""), None);
    let bavaria = place("DE", "Bayern", "");
    check(&bavaria, ("DE", "Bayern", ""), Some(true));
    check(&bavaria, ("DE", "Bavaria", ""), Some(true));
    check(&bavaria, ("DE", "", "Munich"), Some(true));
    check(&bavaria, ("DE", "", "Köln"), Some(false));
    check(&bavaria, ("DE", "Hessen", "Kleinkleckersdorf"), Some(false));
    check(&bavaria, ("DE", "", "Kleinkleckersdorf"), None);
    check(&bavaria, ("AT", "", ""), Some(false));
    let munich = place("DE", "Bayern", "München");
    check(&munich, ("DE", "", "Muenchen"), Some(true));
    check(&munich, ("DE", "", "MUNICH"), Some(true));
    check(&munich, ("DE", "", "Monaco di Baviera"), Some(true));
    check(&munich, ("DE", "", "München-Pasing"), Some(true));
    check(&munich, ("DE", "", "Augsburg"), Some(false));
    check(&munich, ("DE", "", ""), None);
    let paris = place("US", "Texas", "Paris");
    check(&paris, ("FR", "", "Paris"), Some(false));
    check(&paris, ("US", "TX", "Paris"), Some(true));
    check(&paris, ("US", "KY", "Paris"), Some(false));
    let catalonia = place("ES", "Cataluña", "");
    check(&catalonia, ("ES", "Barcelona", "Sabadell"), Some(true));
    check(&catalonia, ("ES", "Madrid", "Madrid"), Some(false));
    check(&place("GB", "England", ""), ("GB", "Surrey", "Guildford"), Some(true));
    check(&place("RU", "Москва", "Москва"), ("RU", "", "Moscow"), Some(true));
    check(&place("CN", "上海市", "上海"), ("CN", "", "Shanghai"), Some(true));
    let stuttgart = Place { around: Some(40), ..place("DE", "Baden-Württemberg", "Stuttgart") };
    check(&stuttgart, ("DE", "", "Esslingen"), Some(true));
    check(&stuttgart, ("DE", "", "Stuttgart"), Some(true));
    check(&stuttgart, ("DE", "", "Freiburg"), Some(false));
    check(&stuttgart, ("DE", "", "Kleinkleckersdorf"), None);
    // Near a border, the region does not decide.
    let mannheim = Place { around: Some(40), ..place("DE", "Baden-Württemberg", "Mannheim") };
    check(&mannheim, ("DE", "Rheinland-Pfalz", "Ludwigshafen am Rhein"), Some(true));
    check(&Place::default(), ("DE", "", "Berlin"), None);
}

#[test]
fn places_have_names_and_languages() {
    let name = |place: &Place, code: &str| place.name(code.parse().unwrap_or_default());
    assert_eq!(name(&place("DE", "", ""), "fr"), "Allemagne");
    assert_eq!(name(&place("DE", "Bayern", "München"), "de"), "München");
    assert_eq!(name(&place("DE", "Bayern", "München"), "en"), "Munich");
    assert_eq!(name(&place("DE", "Bayern", ""), "en"), "Bavaria");
    assert_eq!(name(&place("RU", "", "Москва"), "ru"), "Москва");
    let languages = |place: &Place| place.languages().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(languages(&place("CH", "Genève", "Genève")), "fr");
    assert_eq!(languages(&place("BE", "Vlaanderen", "")), "nl");
    assert_eq!(languages(&place("CA", "", "Montréal")), "fr en");
    assert_eq!(languages(&place("DE", "", "")), "de");
}

#[test]
fn the_tables_are_whole() {
    assert!(TABLE.cities.len() > 5_000, "{}", TABLE.cities.len());
    for area in 0..TABLE.areas() {
        assert!(!TABLE.members(area).is_empty(), "area {area}");
    }
    // Each member of an area is known: as many as the file names.
    let codes =
        |list: &str| list.split([' ', '\t']).filter(|word| is_code(word.split(':').next().unwrap_or_default())).count();
    let lines = include_str!("../../../data/areas.tsv").lines().filter(|line| !line.starts_with('#'));
    for (area, line) in (0..).zip(lines) {
        let members = line.split_once('\t').map_or("", |(_, members)| members);
        assert_eq!(TABLE.members(area).len(), codes(members), "{line}");
    }
}

fn is_code(word: &str) -> bool {
    word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}
