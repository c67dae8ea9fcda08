//! Redirects: followed by hand, judged and counted.

use cmes_fetch::{FetchError, FetchErrorKind, FetchOptions};

use crate::server::{budget, fetcher, hosts, html, missing, options, read, redirect, response, serve, url};

#[tokio::test]
async fn a_chain_is_followed_to_its_end() {
    let server = serve(|seen| match seen.path.as_str() {
        "/a" => redirect(301, "/b?x=1"),
        "/b?x=1" => redirect(302, "c#part"),
        "/c" => redirect(303, "//127.0.0.1:PORT/d".replace("PORT", port_of(seen)).as_str()),
        "/d" => redirect(307, "?e"),
        "/d?e" => redirect(308, "/f"),
        "/f" => html("end"),
        _ => missing(),
    })
    .await;
    let page = read(&server.url("/a#top")).await.expect("the chain ends");
    assert!(page.text.contains("end"));
    assert_eq!(page.url, server.url("/f"));
    assert_eq!(page.requested, server.url("/a#top"));
    let hops = ["/a", "/b?x=1", "/c", "/d", "/d?e"].map(|path| server.url(path));
    assert_eq!(page.redirects, hops);
    assert!(!page.was_downgraded());
}

fn port_of(seen: &crate::server::Seen) -> &str {
    seen.header("host").and_then(|host| host.split_once(':')).expect("the test uses a port").1
}

#[tokio::test]
async fn other_hosts_and_odd_locations_are_fine() {
    let server = serve(|seen| match (seen.header("host").unwrap_or_default(), seen.path.as_str()) {
        ("old.example", "/") => redirect(301, "http://www.new.example/über uns"),
        ("www.new.example", "/%C3%BCber%20uns") => html("new home"),
        _ => missing(),
    })
    .await;
    let hosts = hosts(&[("old.example", server.address), ("www.new.example", server.address)]);
    let fetcher = fetcher(FetchOptions { hosts, ..options() });
    let page = fetcher.page(&url("http://old.example/"), &budget()).await.expect("it moved");
    assert_eq!(page.url.as_str(), "http://www.new.example/%C3%BCber%20uns");
}

#[tokio::test]
async fn odd_characters_in_a_link_reach_the_server() {
    let server = serve(|seen| if seen.path == "/robots.txt" { missing() } else { html("x") }).await;
    let odd = "/a|b^c[1]'(x)*;~%zz{y}?q={\"a\":[1]}|^`\\<>&ü=%00";
    read(&server.url(odd)).await.expect("it is a link like others");
    assert_eq!(server.paths().len(), 1);
}

#[tokio::test]
async fn circles_and_endless_chains_end() {
    let server = serve(|seen| match seen.path.strip_prefix("/") {
        Some("self") => redirect(302, "/self"),
        Some("ping") => redirect(302, "/pong"),
        Some("pong") => redirect(302, "/ping"),
        Some(number) => match number.parse::<u32>() {
            Ok(number) => redirect(302, &format!("/{}", number + 1)),
            Err(_) => missing(),
        },
        None => missing(),
    })
    .await;
    for (path, requests) in [("/self", 1), ("/ping", 2), ("/0", 9)] {
        let before = server.paths().len();
        let error = read(&server.url(path)).await.expect_err(path);
        assert_eq!(error.kind(), FetchErrorKind::Protocol, "{path}: {error}");
        assert_eq!(server.paths().len() - before, requests, "{path}");
    }
}

#[tokio::test]
async fn a_redirect_without_a_usable_target_is_a_status() {
    let server = serve(|seen| match seen.path.as_str() {
        "/none" => response(302, &[], ""),
        "/odd" => redirect(302, "http://["),
        "/choices" => response(300, &[("location", "/x")], ""),
        "/unasked" => response(304, &[], ""),
        _ => missing(),
    })
    .await;
    for (path, status) in [("/none", 302), ("/odd", 302), ("/choices", 300), ("/unasked", 304)] {
        let error = read(&server.url(path)).await.expect_err(path);
        assert_eq!(error.kind(), FetchErrorKind::Status(status), "{path}");
    }
}

#[tokio::test]
async fn a_cookie_wall_is_passed_with_its_own_cookie() {
    let server = serve(|seen| match (seen.path.as_str(), seen.header("cookie")) {
        ("/", None) => {
            response(302, &[("location", "/"), ("set-cookie", "seen=1; Path=/; HttpOnly"), ("set-cookie", "b=2")], "")
        }
        ("/", Some("seen=1; b=2")) => html("inside"),
        ("/away", _) => response(302, &[("location", "http://other.example/"), ("set-cookie", "secret=1")], ""),
        _ => missing(),
    })
    .await;
    let other = serve(|seen| html(seen.header("cookie").unwrap_or("no cookie"))).await;
    let hosts = hosts(&[("wall.example", server.address), ("other.example", other.address)]);
    let fetcher = fetcher(FetchOptions { hosts, ..options() });
    let page = fetcher.page(&url("http://wall.example/"), &budget()).await.expect("the wall opens");
    assert!(page.text.contains("inside"));
    // Cookies go to nobody else, and the next page starts without.
    let page = fetcher.page(&url("http://wall.example/away"), &budget()).await.expect("it leads on");
    assert!(page.text.contains("no cookie"));
    assert!(server.seen().last().is_some_and(|seen| seen.header("cookie").is_none()));
}

#[tokio::test]
async fn a_site_cannot_slip_a_password_into_a_redirect_to_itself() {
    let server = serve(|seen| match seen.path.as_str() {
        "/" => redirect(302, "http://name:password@a.example/inside"),
        "/inside" => html("inside"),
        _ => missing(),
    })
    .await;
    let fetcher = fetcher(FetchOptions { hosts: hosts(&[("a.example", server.address)]), ..options() });
    // The robots.txt of the origin is known when the second link is judged.
    let error = fetcher.page(&url("http://a.example/"), &budget()).await.expect_err("credentials");
    assert_eq!(error.kind(), FetchErrorKind::BadUrl);
    assert_eq!(server.paths(), ["/"]);
}

#[tokio::test]
async fn leaving_https_is_noted() {
    let plain = serve(|_| html("plain")).await;
    let secure = crate::server::serve_tls(&["secure.example"], |seen| match seen.path.as_str() {
        "/" => redirect(302, "http://plain.example/"),
        _ => missing(),
    })
    .await;
    let fetcher = fetcher(FetchOptions {
        hosts: hosts(&[("plain.example", plain.address), ("secure.example", secure.address)]),
        extra_root_certificates: secure.certificate.iter().cloned().collect(),
        ..options()
    });
    let page = fetcher.page(&url("https://secure.example/"), &budget()).await.expect("it leads on");
    assert!(page.was_downgraded());
}

#[tokio::test]
async fn statuses_are_told_apart() {
    let server = serve(|seen| match seen.path.as_str() {
        "/429" => response(429, &[("retry-after", "120")], ""),
        "/robots.txt" => missing(),
        path => response(path[1..].parse().unwrap_or(404), &[], ""),
    })
    .await;
    for (status, temporary) in
        [(401, false), (403, false), (404, false), (410, false), (429, true), (500, true), (503, true)]
    {
        let error = read(&server.url(&format!("/{status}"))).await.expect_err("no page");
        assert_eq!(error.kind(), FetchErrorKind::Status(status));
        assert_eq!(error.is_temporary(), temporary, "{status}");
        if status == 429 {
            let FetchError::Status { retry_after, .. } = error else { panic!("a status") };
            assert_eq!(retry_after, Some(std::time::Duration::from_secs(120)));
        }
    }
}
