use super::*;

fn fields(body: &str) -> Fields {
    Fields::parse(Bytes::copy_from_slice(body.as_bytes())).expect("an object")
}

fn refused(body: &[u8]) -> Problem {
    Fields::parse(Bytes::copy_from_slice(body)).expect_err("not an object")
}

#[test]
fn names_match_without_regard_to_case_and_the_rest_is_named() {
    let mut fields = fields(r#"{"CONTENT": "x", "Lang": 1, "zz": null}"#);
    assert_eq!(fields.required_text("Content", 10), "x");
    assert_eq!(fields.finish().expect("nothing wrong"), ["Lang", "zz"]);
}

#[test]
fn values_are_read_tolerantly() {
    let mut f = fields(r#"{"a": "12", "b": 12.0, "c": "TRUE", "d": false, "e": null, "f": "De"}"#);
    assert_eq!((f.integer("A", 0..=99), f.integer("b", 0..=99)), (Some(12), Some(12)));
    assert_eq!((f.boolean("c"), f.boolean("d"), f.boolean("e")), (Some(true), Some(false), None));
    assert_eq!(f.language("f").map(|l| l.to_string()), Some("de".to_owned()));
    assert_eq!(f.finish().expect("nothing wrong"), Vec::<String>::new());
}

#[test]
fn a_field_may_be_given_by_another_name_but_not_by_both() {
    let mut f = fields(r#"{"id": "", "CODE": 4, "BaseCode": null, "ExternalID": 1, "BaseExternalID": 1}"#);
    f.alias("Code", "BaseCode");
    f.alias("ID", "BaseID");
    f.alias("ExternalID", "BaseExternalID");
    assert_eq!((f.integer("BaseCode", 0..=9), f.uuid("BaseID"), f.faults()), (Some(4), None, 1));
    let problem = f.finish().expect_err("an error");
    assert_eq!(problem.detail, "ExternalID means the same as BaseExternalID; give one of the two");
}

#[test]
fn texts_to_be_kept_have_no_zero_and_names_are_not_blank() {
    let mut f = fields("{\"a\": \"x\\u0000\", \"b\": \" \", \"c\": \"\", \"d\": \" x\"}");
    assert_eq!((f.kept_text("a", 9), f.kept_name("b", 9)), (None, None));
    assert_eq!((f.kept_text("c", 9), f.kept_name("d", 9)), (Some(String::new()), Some(" x".to_owned())));
    assert_eq!((f.kept_name("e", 9), f.faults()), (None, 2));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let mut f = fields(r#"{"a": 1, "b": "many", "c": 7, "d": "long", "e": "xx", "f": 1.5, "g": "en-GB"}"#);
    f.text("a", 9);
    f.boolean("b");
    f.integer("c", 1..=5);
    f.text("d", 3);
    f.language("e");
    f.integer("f", 1..=5);
    f.language("g");
    f.required_text("h", 9);
    let problem = f.finish().expect_err("errors");
    let details: Vec<_> = problem.fields.iter().map(|e| format!("{} {}", e.field, e.detail)).collect();
    assert_eq!(
        details,
        [
            "a takes text in quotes",
            "b takes true or false",
            "c takes a whole number from 1 to 5",
            "d takes at most 3 characters",
            "e takes a language code of ISO 639-1, such as en",
            "f takes a whole number from 1 to 5",
            "g takes a language code of ISO 639-1, such as en",
            "h is required",
        ]
    );
}

#[test]
fn a_field_given_twice_is_refused_naming_both() {
    let problem = refused(br#"{"Content": "a", "content": "b"}"#);
    assert_eq!(problem.kind, Kind::DuplicateField);
    assert!(problem.detail.contains("“Content” and “content”"), "{}", problem.detail);
    assert_eq!(refused(br#"{"a": 1, "a": 2}"#).kind, Kind::DuplicateField);
}

#[test]
fn what_is_no_object_is_refused() {
    for body in [&b"[1]"[..], b"1", b"{", b"\xff\xfe", br#"{"ID" = 1}"#, br#""text""#] {
        assert_eq!(refused(body).kind, Kind::BadJson, "{body:?}");
    }
    assert!(fields(" \n").finish().expect("empty is an object").is_empty());
}

#[test]
fn ignored_names_fit_a_header() {
    let check = |names: &[&str], expected: &str| {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(ignored_header(&names).expect("a header"), expected);
    };
    check(&["Contnt", "a b"], "Contnt, a%20b");
    check(&["Größe\n,"], "Gr%C3%B6%C3%9Fe%0A%2C");
    assert!(ignored_header(&[]).is_none());
}
