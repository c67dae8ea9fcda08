//! `echo`, by the reference.

use http::{Request, header};
use serde_json::json;

use crate::support::{TestApp, on_both_engines};

#[test]
fn echo_returns_what_arrived() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let body = r#"{ "Content": "info@c-mes.co.uk", "LanguageCode": "en", "Asynch": false }"#;
        let answer = app.post("/v1/echo", body).await;
        assert_eq!(answer.status, 200);
        let secret = app.key.strip_prefix("apikey-").expect("a key");
        let masked = format!("apikey-{}{}{}", &secret[..2], "*".repeat(31), &secret[33..]);
        assert_eq!(
            answer.json,
            json!({
                "RequestType": "POST",
                "ApiKey": masked,
                "Content-Type": "application/json",
                "Method": "/v1/echo",
                "Content-Lenght": body.len(),
                "Status": "The request was successfully completed",
                "IP": "",
                "RequestBody": body,
            })
        );
        assert!(!answer.text.contains(secret));
    });
}

#[test]
fn echo_takes_get_and_any_body() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app.call("GET", "/v1/echo", "").await;
        assert_eq!((answer.status.as_u16(), &answer.json["RequestType"]), (200, &json!("GET")));
        assert_eq!(answer.json["Content-Lenght"], 0);
        let answer = app.post("/v1/echo", vec![0xff, b'{', 0]).await;
        assert_eq!((answer.status.as_u16(), &answer.json["RequestBody"]), (200, &json!("\u{fffd}{\0")));
        let request = Request::post("/v1/echo")
            .header(header::AUTHORIZATION, format!("bearer {}", app.key))
            .body("x".into())
            .expect("a request");
        assert_eq!(app.send(request).await.json["Content-Type"], "");
    });
}
