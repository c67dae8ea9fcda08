use std::fmt::Write;

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
        What::Words(words) => format!("words {words}"),
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
    assert!(count >= 120, "{count}");
}
