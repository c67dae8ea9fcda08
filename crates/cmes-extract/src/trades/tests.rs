use super::*;

fn offer(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let ids = |trades: &[&'static Trade]| trades.iter().map(|trade| trade.id.clone()).collect::<Vec<_>>();
    let read = Proposal::read(text);
    (ids(&read.sold), ids(&read.wanted), read.wanted_roles.iter().map(|role| role.id.clone()).collect())
}

#[test]
fn every_name_of_the_catalogue_is_there() {
    let all = &CATALOGUE.trades;
    let is_known = |name: &str| {
        let is_trade = all.iter().any(|trade| trade.id == name || trade.groups().any(|group| group == name));
        is_trade || Role::of(name).is_some()
    };
    for trade in all {
        for phrases in [Some(&trade.entry.names), trade.entry.trade.as_ref(), trade.entry.market.as_ref()] {
            assert!(phrases.is_none_or(|names| names.iter().all(|name| !name.trim().is_empty())), "{}", trade.id);
        }
        assert!(!trade.entry.market_only || trade.entry.trade.is_none(), "{}", trade.id);
        for buyer in trade.buyers() {
            assert!(is_known(buyer), "{} is bought by {buyer}", trade.id);
        }
        for kind in trade.kinds() {
            assert!(kind != trade.id && all.iter().any(|trade| trade.id == kind), "{kind} is a kind of {}", trade.id);
        }
    }
    for role in &CATALOGUE.roles {
        assert!(role.phrase.iter().all(|phrase| phrase.contains("{x}")), "{}", role.id);
    }
    assert!(all.len() > 100 && CATALOGUE.words.len() > 3_000, "{}", CATALOGUE.words.len());
}

#[test]
fn words_are_found_where_they_are_words() {
    let trades = |text: &str, language: &str| -> Vec<String> {
        let found = mentions(text, language.parse().ok()).into_iter().filter_map(|mention| match mention.meaning {
            Meaning::Trade(at) => CATALOGUE.trades.get(at).map(|trade| trade.id.clone()),
            Meaning::Role(_) => None,
        });
        found.collect()
    };
    assert_eq!(trades("Kreiselpumpen und Absperrventile", "de"), ["pumps", "valves"]);
    assert_eq!(trades("球阀、蝶阀", "zh"), ["valves", "valves"]);
    assert_eq!(trades("Hotel software", "en"), ["hotel-software"], "no hotel");
    assert_eq!(trades("Pumpkins and anchovies", "en"), Vec::<String>::new());
    assert_eq!(trades("An allen Tagen", "de"), Vec::<String>::new());
    assert_eq!(trades("arbejder med tage", "da"), ["roofing"]);
}

#[test]
fn a_word_beside_a_trade_makes_something_else_of_it() {
    let check = |text: &str, expected: &[Option<mentions::Turn>]| {
        let mut turns: Vec<_> = mentions(text, None)
            .into_iter()
            .filter(|mention| matches!(mention.meaning, Meaning::Trade(_)))
            .map(|mention| mention.turn)
            .collect();
        // Some words stand in the catalogue in two ways.
        turns.dedup();
        assert_eq!(turns, expected, "{text}");
    };
    let (another, deals) = (Some(mentions::Turn::Another), Some(mentions::Turn::Deals));
    for text in [
        "Hotel supplies",
        "Hotel-Bedarf",
        "Forniture per hotel",
        "Wir reinigen Rohre",
        "Pumpenservice",
        "Riparazione di pompe",
    ] {
        check(text, &[another]);
    }
    for text in ["Armaturenhandel", "Pump dealers", "Comercio de bombas"] {
        check(text, &[deals]);
    }
    for text in [
        "Hotel Hamburg",
        "Pumpen und Service",
        "Industrial cleaning services",
        "Dental clinic services",
        "ERP software",
    ] {
        check(text, &[None]);
    }
}

#[test]
fn an_offer_names_what_is_sold_and_for_whom() {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    for (text, sold, wanted, roles) in [
        ("Mechanical seals for builders of pumps.", &["seals"][..], &["pumps"][..], &["maker"][..]),
        ("Linge de lit pour hôtels et pensions", &["linen"], &["hotel"], &[]),
        ("Software for warehouse management", &["warehouse-software"], &[], &[]),
        ("ポンプ向けのパッキン", &["seals"], &["pumps"], &[]),
        ("Cámaras frigoríficas para mayoristas de alimentación.", &["refrigeration"], &["food"], &["wholesale"]),
        ("Valve body castings, pressure tested", &["castings"], &["valves"], &[]),
        ("Fundición de válvulas", &["castings"], &["valves"], &[]),
        ("Hotel furniture", &["furniture"], &["hotel"], &[]),
        ("Hotel Restaurant", &["hotel", "restaurant"], &[], &[]),
        ("Küchen und Gastronomie", &[], &["restaurant"], &[]),
        ("Pumps and valves", &["pumps", "valves"], &[], &[]),
        ("Something else altogether", &[], &[], &[]),
    ] {
        assert_eq!(offer(text), (names(sold), names(wanted), names(roles)), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = Proposal::read(&text);
    }
}

#[test]
fn the_trades_of_a_text_are_named_once_and_without_its_customers() {
    let check = |text: &str, expected: &[&str]| {
        let named = named(text, None);
        assert_eq!(named.iter().map(|trade| trade.id.as_str()).collect::<Vec<_>>(), expected, "{text}");
    };
    check("Foundry. We make castings, and rubber goods.", &["castings", "rubber"]);
    check("Gießerei", &["castings"]);
    check("Machine tools for the furniture industry", &["machine-tools"]);
    check("", &[]);
}
