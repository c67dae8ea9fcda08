//! Countries by code, name and domain.

use super::*;

fn code(country: Option<Country>) -> String {
    country.map(|country| country.code().to_owned()).unwrap_or_default()
}

#[test]
fn names_are_known_in_many_languages() {
    let check = |name: &str, expected: &str| assert_eq!(code(Country::from_name(name)), expected, "{name}");
    for (expected, names) in [
        (
            "GB",
            "UK|U.K.|United Kingdom|Great Britain|England|Scotland|Wales|Northern Ireland|Vereinigtes Königreich|Royaume-Uni|Reino Unido|Великобритания|英国|イギリス|영국|بريطانيا",
        ),
        (
            "US",
            "USA|U.S.A.|US|United States|the United States of America|Vereinigte Staaten|États-Unis|Etats-Unis|ETATS UNIS|EE. UU.|США|美国|アメリカ合衆国|米国",
        ),
        (
            "DE",
            "Germany|Deutschland|DEUTSCHLAND|BRD|Allemagne|Alemania|Alemanha|Germania|Niemcy|Německo|Tyskland|Saksa|Duitsland|Németország|Германия|Німеччина|ドイツ|德国|독일|ألمانيا|גרמניה|Γερμανία|Almanya|เยอรมนี|Đức|जर्मनी|জার্মানি|Jerman",
        ),
        ("RU", "Россия|РФ|Российская Федерация|Russia|Russie|俄罗斯|ロシア"),
        ("CN", "中国|中國|China|P.R. China|PRC|Chine|Китай|중국"),
        ("JP", "日本|Japan|Japon|Giappone|Япония|일본"),
        ("KR", "Korea|South Korea|대한민국|한국|Corée du Sud|Südkorea"),
        ("NL", "Holland|The Netherlands|Nederland|Niederlande|Pays-Bas|Países Bajos"),
        ("AE", "UAE|U.A.E.|United Arab Emirates|الإمارات العربية المتحدة|Émirats arabes unis"),
        ("BR", "Brasil|Brazil|Brésil|Brasilien"),
        ("CH", "Schweiz|Suisse|Svizzera|Switzerland|SCHWEIZ"),
        ("CZ", "Czech Republic|Česká republika|Česko|Czechia|Tschechien"),
        ("TR", "Türkiye|Turkey|Turkiye|Türkei"),
        ("PL", "Polska|Poland|Polen|Pologne"),
        ("SE", "Sverige|Sweden|Schweden"),
        ("FI", "Suomi|Finland"),
        ("HU", "Magyarország|Hungary"),
        ("GR", "Ελλάδα|Ελλάς|Hellas|Greece"),
        ("IL", "ישראל|Israel"),
        ("EG", "مصر|Egypt"),
        ("UA", "Україна|Ukraine"),
        ("IN", "India|भारत|Indien"),
        ("CI", "Côte d’Ivoire|Ivory Coast"),
        ("MX", "México|Mexico"),
        ("ES", "España|ESPANA|Spain"),
        ("IE", "Ireland|Éire|Irland"),
        ("XK", "Kosovo"),
        ("TW", "Taiwan|台灣"),
        ("", "|Bayern|Street|Company|Kontakt"),
    ] {
        names.split('|').for_each(|name| check(name, expected));
    }
}

#[test]
fn a_country_is_named_in_the_language_asked_for() {
    let check = |country: &str, language: &str, expected: &str| {
        let country = Country::from_code(country).expect("a country");
        assert_eq!(country.name(language.parse().expect("a language")), expected);
    };
    for (language, name) in [
        ("af", "Duitsland"),
        ("ar", "ألمانيا"),
        ("bg", "Германия"),
        ("bs", "Njemačka"),
        ("ca", "Alemanya"),
        ("cs", "Německo"),
        ("da", "Tyskland"),
        ("de", "Deutschland"),
        ("el", "Γερμανία"),
        ("es", "Alemania"),
        ("et", "Saksamaa"),
        ("eu", "Alemania"),
        ("fa", "آلمان"),
        ("fi", "Saksa"),
        ("fr", "Allemagne"),
        ("ga", "an Ghearmáin"),
        ("he", "גרמניה"),
        ("hi", "जर्मनी"),
        ("hr", "Njemačka"),
        ("hu", "Németország"),
        ("id", "Jerman"),
        ("is", "Þýskaland"),
        ("it", "Germania"),
        ("ja", "ドイツ"),
        ("ka", "გერმანია"),
        ("ko", "독일"),
        ("lt", "Vokietija"),
        ("lv", "Vācija"),
        ("mk", "Германија"),
        ("nb", "Tyskland"),
        ("nl", "Duitsland"),
        ("pl", "Niemcy"),
        ("pt", "Alemanha"),
        ("ro", "Germania"),
        ("ru", "Германия"),
        ("sk", "Nemecko"),
        ("sl", "Nemčija"),
        ("sr", "Немачка"),
        ("sv", "Tyskland"),
        ("th", "เยอรมนี"),
        ("tr", "Almanya"),
        ("uk", "Німеччина"),
        ("vi", "Đức"),
        ("zh", "德国"),
    ] {
        check("de", language, name);
    }
    check("gb", "en", "United Kingdom");
    check("US", "en", "United States");
    check("DE", "en", "Germany");
    check("TR", "en", "Turkey");
    check("HK", "en", "Hong Kong");
    check("KR", "en", "South Korea");
    check("BA", "en", "Bosnia and Herzegovina");
    check("DE", "de", "Deutschland");
    check("DE", "ja", "ドイツ");
    check("AT", "no", "Østerrike");
    check("FR", "nb", "Frankrike");
    check("MA", "eo", "Morocco");
    check("AD", "de", "Andorra");
}

#[test]
fn every_country_reads_its_own_name_and_code() {
    assert_eq!(Country::all().count(), 250);
    for country in Country::all() {
        assert_eq!(Country::from_code(country.code()), Some(country));
        let name = country.name(LanguageCode::ENGLISH);
        assert_eq!(Country::from_name(name), Some(country), "{name}");
        // Antarctica and uninhabited islands have no language.
        assert!(country.languages().next().is_some() || ["AQ", "BV", "HM"].contains(&country.code()), "{name}");
    }
    assert_eq!(code(Country::from_code("uk")), "GB");
    for text in ["", "X", "XX", "DEU", "é", "12"] {
        assert_eq!(Country::from_code(text), None);
    }
}

#[test]
fn domains_point_to_a_country_unless_they_are_used_by_all() {
    for (tld, expected) in [
        ("de", "DE"),
        ("uk", "GB"),
        (".fr", "FR"),
        ("BR", "BR"),
        ("рф", "RU"),
        ("swiss", "CH"),
        ("rs", "RS"),
        ("eu", ""),
        ("io", ""),
        ("co", ""),
        ("ai", ""),
        ("me", ""),
        ("tv", ""),
        ("ly", ""),
        ("com", ""),
        ("example", ""),
    ] {
        assert_eq!(code(Country::from_tld(tld)), expected, "{tld}");
    }
}

#[test]
fn main_languages_begin_with_the_most_spoken() {
    for (country, expected) in [("DE", "de"), ("CH", "de fr it rm"), ("NO", "no nn se"), ("BR", "pt"), ("GB", "en")] {
        let languages: Vec<_> = Country::from_code(country).expect("a country").languages().collect();
        let text = languages.iter().map(|language| language.as_str().to_owned()).collect::<Vec<_>>().join(" ");
        assert!(text.starts_with(expected), "{country}: {text}");
    }
}

#[test]
fn states_are_known_by_short_form_and_name() {
    let check = |country: &str, text: &str, expected: Option<&str>| {
        let country = Country::from_code(country).expect("a country");
        assert_eq!(State::find(country, text).map(|state| state.name), expected, "{text}");
    };
    check("US", "NC", Some("North Carolina"));
    check("US", "n.y.", Some("New York"));
    check("US", "texas", Some("Texas"));
    check("CA", "Quebec", Some("Quebec"));
    check("CA", "Québec", Some("Quebec"));
    check("AU", "NSW", Some("New South Wales"));
    check("BR", "sao paulo", Some("São Paulo"));
    check("IN", "Tamil Nadu", Some("Tamil Nadu"));
    check("JP", "長野県", Some("長野県"));
    check("JP", "Nagano", Some("長野県"));
    check("KR", "서울", Some("서울특별시"));
    check("US", "XX", None);
    check("DE", "NC", None);
    assert_eq!(State::of(Country::from_code("JP").expect("a country")).count(), 47);
}
