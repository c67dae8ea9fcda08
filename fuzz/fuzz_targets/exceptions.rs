//! A first line of exceptions, applied to a profile made of the other lines: no
//! string that is left mentions one of them.

#![no_main]

use cmes_extract::exceptions::Exceptions;
use cmes_types::{CompanyData, Contact, Email, Evidence, Extended};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (line, rest) = text.split_once('\n').unwrap_or((&text, &text));
    let exceptions = Exceptions::parse(line);
    let mut profile = profile(rest);
    exceptions.apply(&mut profile);
    assert_free(&exceptions, &serde_json::to_value(profile).expect("plain data serialises"));
});

fn profile(text: &str) -> CompanyData {
    let lines = || text.lines().take(20).map(str::to_owned);
    CompanyData {
        company_name: lines().next().unwrap_or_default(),
        business: text.to_owned(),
        emails: lines().map(|email| Email { email, primary: true }).collect(),
        contacts: lines().map(|name| Contact { name, ..Contact::default() }).collect(),
        technologies: lines().collect(),
        extended: Some(Extended { keywords: lines().collect(), ..Extended::default() }),
        evidence: Some(lines().map(|field| Evidence { value: field.clone(), field, ..Evidence::default() }).collect()),
        ..CompanyData::default()
    }
}

fn assert_free(exceptions: &Exceptions, value: &Value) {
    match value {
        Value::String(text) => assert!(!exceptions.mentions(text), "{text:?} is left"),
        Value::Array(values) => values.iter().for_each(|value| assert_free(exceptions, value)),
        Value::Object(fields) => fields.values().for_each(|value| assert_free(exceptions, value)),
        _ => {}
    }
}
