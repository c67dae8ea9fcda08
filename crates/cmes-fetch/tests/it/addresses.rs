//! Every way of spelling an address that must not be read, and that not one of
//! them reaches a server.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cmes_fetch::{FetchError, FetchErrorKind, FetchOptions, Fetcher, NameLookup, SiteAddress};
use ipnet::IpNet;
use url::Url;

use crate::server::{budget, fetcher, hosts, html, missing, options, redirect, response, serve, url};

/// Ways to write addresses of this machine and of private networks. `PORT` is
/// the port of a listener that must see nothing.
const TRICKS: &[&str] = &[
    // IPv4 in all its spellings
    "http://127.0.0.1:PORT/",
    "http://127.0.0.2:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.1:PORT/",
    "http://0x7f.0x0.0x0.0x1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0.0x1:PORT/",
    "http://017700000001:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0x0:PORT/",
    "http://１２７.０.０.１:PORT/",
    "http://127。0。0。1:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://127%2e0%2e0%2e1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "http:/127.0.0.1:PORT/",
    "http:127.0.0.1:PORT/",
    "http://\t127.0.\n0.1:PORT/",
    "https://127.0.0.1:PORT/",
    // IPv6 and what hides in it
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fec0::1]:PORT/",
    "http://[ff02::1]:PORT/",
    "http://[2001:db8::1]:PORT/",
    // Other networks
    "http://10.0.0.1:PORT/",
    "http://172.16.0.1:PORT/",
    "http://192.168.0.1:PORT/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
    "http://168.63.129.16/metadata",
    "http://100.100.100.200/latest/meta-data/",
    "http://192.0.0.192/opc/v1/",
    "http://198.18.0.1:PORT/",
    "http://224.0.0.1:PORT/",
    "http://255.255.255.255:PORT/",
    // Names
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://localhost.:PORT/",
    "http://app.localhost:PORT/",
    "http://ｌｏｃａｌｈｏｓｔ:PORT/",
    "http://lo%63alhost:PORT/",
    "http://loopback.example:PORT/",
    "http://Loopback.Example.:PORT/",
    "https://loopback.example:PORT/",
    "http://loopback6.example:PORT/",
    "http://mapped.example:PORT/",
    "http://mixed.example:PORT/",
    "http://mixed6.example:PORT/",
    "http://metadata.example/latest/",
    "http://intranet.example:PORT/",
    "http://zero.example:PORT/",
    "http://bücher.example:PORT/",
    "http://xn--bcher-kva.example:PORT/",
    "http://fixed.example/",
];

/// Links that are refused whatever they lead to.
const BAD_URLS: &[&str] = &[
    "http://public.example@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT@public.example/",
    "http://user:hunter2@public.example/",
    "http://:hunter2@public.example/",
    "http://public.example:80%40@127.0.0.1:PORT/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:PORT/_GET",
    "ftp://127.0.0.1:PORT/",
    "data:text/html,<p>x",
    "javascript:alert(1)",
    "about:blank",
    "ws://127.0.0.1:PORT/",
    "dict://127.0.0.1:PORT/",
    "jar:http://127.0.0.1:PORT/",
    "blob:http://127.0.0.1:PORT/",
    "http://public.example:22/",
    "http://public.example:25/",
    "http://public.example:6379/",
    "http://public.example:0/",
    "https://public.example:5432/",
    "http://./",
];

/// A listener on IPv4 loopback that should never see anyone.
struct Trap {
    listener: TcpListener,
}

impl Trap {
    fn new() -> Trap {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        listener.set_nonblocking(true).expect("sockets can");
        Trap { listener }
    }

    fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("it is bound")
    }

    fn lay(&self, template: &str) -> String {
        template.replace("PORT", &self.address().port().to_string())
    }

    fn assert_untouched(&self, by: &str) {
        let visitor = self.listener.accept();
        assert!(visitor.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock), "{by} reached the trap");
    }
}

fn dangerous_names(name: &str) -> io::Result<Vec<IpAddr>> {
    let addresses: &[&str] = match name {
        "loopback.example" => &["127.0.0.1"],
        "loopback6.example" => &["::1"],
        "mapped.example" => &["::ffff:127.0.0.1"],
        "mixed.example" => &["1.1.1.1", "127.0.0.1"],
        "mixed6.example" => &["2606:4700::1", "fd00::1"],
        "metadata.example" => &["169.254.169.254"],
        "intranet.example" => &["10.1.2.3", "192.168.1.1"],
        "zero.example" => &["0.0.0.0"],
        "xn--bcher-kva.example" => &["127.0.0.1"],
        other => return Err(io::Error::other(format!("nobody should look up {other}"))),
    };
    Ok(addresses.iter().map(|address| address.parse().expect("an address")).collect())
}

/// A fetcher as an operator has it who allows nothing.
fn strict(trap: &Trap) -> Fetcher {
    fetcher(FetchOptions {
        lookup: NameLookup::new(|name| async move { dangerous_names(&name) }),
        hosts: hosts(&[("fixed.example", trap.address())]),
        ..FetchOptions::default()
    })
}

#[tokio::test]
async fn no_spelling_of_a_private_address_is_read() {
    assert!(TRICKS.len() >= 50);
    let trap = Trap::new();
    let fetcher = strict(&trap);
    for template in TRICKS {
        let text = trap.lay(template);
        let url = Url::parse(&text).unwrap_or_else(|error| panic!("{text} is no URL: {error}"));
        let error = fetcher.page(&url, &budget()).await.expect_err(&text);
        assert_eq!(error.kind(), FetchErrorKind::NotPublic, "{text}: {error}");
        trap.assert_untouched(&text);
    }
}

#[tokio::test]
async fn opening_a_site_is_no_way_around() {
    let trap = Trap::new();
    let fetcher = strict(&trap);
    for template in TRICKS {
        let link = trap.lay(template);
        // As a link, and as a person writes a domain.
        let bare = link.trim_start_matches("https:").trim_start_matches("http:").trim_start_matches(['/', '\\']);
        for text in [link.as_str(), bare] {
            let site = SiteAddress::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let error = fetcher.open_site(&site, &budget()).await.expect_err(text);
            assert_eq!(error.kind(), FetchErrorKind::NotPublic, "{text}: {error}");
            trap.assert_untouched(text);
        }
    }
}

#[tokio::test]
async fn links_that_are_no_web_links_are_refused() {
    let trap = Trap::new();
    let fetcher = strict(&trap);
    for template in BAD_URLS {
        let text = trap.lay(template);
        let error = fetcher.page(&url(&text), &budget()).await.expect_err(&text);
        assert_eq!(error.kind(), FetchErrorKind::BadUrl, "{text}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        trap.assert_untouched(&text);
    }
}

#[tokio::test]
async fn no_redirect_leads_to_them_either() {
    let trap = Trap::new();
    let templates: Vec<&str> = TRICKS.iter().chain(BAD_URLS).copied().collect();
    let targets: Vec<String> = templates.iter().map(|template| trap.lay(template)).collect();
    // As a URL prints itself, because tabs and the like cannot stand in a header.
    let locations: Vec<String> = targets.iter().map(|target| url(target).to_string()).collect();
    let server = redirecting_server(locations).await;
    let fetcher = fetcher(FetchOptions {
        allow_networks: vec![IpNet::from(server.ip())],
        lookup: NameLookup::new(|name| async move { dangerous_names(&name) }),
        hosts: hosts(&[("fixed.example", trap.address())]),
        per_host_delay: Duration::ZERO,
        ..FetchOptions::default()
    });
    for (number, target) in targets.iter().enumerate() {
        let start = url(&format!("http://{server}/to/{number}"));
        let error = fetcher.page(&start, &budget()).await.expect_err(target);
        let kind = error.kind();
        assert!(matches!(kind, FetchErrorKind::NotPublic | FetchErrorKind::BadUrl), "{target}: {error}");
        let tells_the_target = kind == FetchErrorKind::NotPublic && !error.to_string().starts_with("127.77.0.1 leads");
        assert!(!tells_the_target, "{target}: {error}");
        trap.assert_untouched(target);
    }
}

/// A server that redirects `/to/N` to the N-th location, at a loopback address that
/// is in none of the tricks, so that it alone can be allowed.
async fn redirecting_server(locations: Vec<String>) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.77.0.1:0").await.expect("loopback is a whole network");
    let address = listener.local_addr().expect("it is bound");
    let app = axum::Router::new().fallback(move |request: axum::extract::Request| {
        let number = request.uri().path().strip_prefix("/to/").and_then(|number| number.parse::<usize>().ok());
        let answer = number.map_or_else(missing, |number| redirect(302, &locations[number]));
        async move { answer }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

#[tokio::test]
async fn what_the_operator_allows_is_read() {
    let server = serve(|_| html("inside")).await;
    let port = server.address.port();
    let fetcher = fetcher(FetchOptions {
        lookup: NameLookup::new(|name| async move { dangerous_names(&name) }),
        hosts: hosts(&[("fixed.example", server.address)]),
        ..options()
    });
    let allowed = [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://app.localhost.:{port}/"),
        format!("http://loopback.example:{port}/"),
        "http://fixed.example/".to_owned(),
        "http://FIXED.example./".to_owned(),
    ];
    for text in allowed {
        let page = fetcher.page(&url(&text), &budget()).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(page.text.contains("inside"), "{text}");
    }
    // Allowing loopback allows nothing else.
    for text in ["http://10.0.0.1/", "http://[::1]/", "http://mixed6.example/", "http://metadata.example/"] {
        let error = fetcher.page(&url(text), &budget()).await.expect_err(text);
        assert_eq!(error.kind(), FetchErrorKind::NotPublic, "{text}");
    }
}

#[tokio::test]
async fn the_address_judged_is_the_address_connected_to() {
    let server = serve(|_| html("judged")).await;
    let lookups = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&lookups);
    // First an allowed address, from then on a forbidden one: DNS rebinding.
    let lookup = NameLookup::new(move |_| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        async move { Ok(vec![if first { IpAddr::from([127, 0, 0, 1]) } else { IpAddr::from([10, 0, 0, 1]) }]) }
    });
    let fetcher = fetcher(FetchOptions { lookup, ..options() });
    let link = url(&format!("http://rebinding.example:{}/", server.address.port()));
    // robots.txt and the page go over one connection to the judged address.
    let page = fetcher.page(&link, &budget()).await.expect("the first answer is allowed");
    assert!(page.text.contains("judged"));
    assert_eq!((lookups.load(Ordering::SeqCst), server.connections()), (1, 1));
}

#[tokio::test]
async fn a_later_answer_of_the_name_server_is_judged_too() {
    let server = serve(|_| response(200, &[("connection", "close")], "<html>")).await;
    let lookups = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&lookups);
    let lookup = NameLookup::new(move |_| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        async move { Ok(vec![if first { IpAddr::from([127, 0, 0, 1]) } else { IpAddr::from([10, 0, 0, 1]) }]) }
    });
    let fetcher = fetcher(FetchOptions { lookup, ..options() });
    let link = url(&format!("http://rebinding.example:{}/", server.address.port()));
    let error = fetcher.page(&link, &budget()).await.expect_err("the second connection is refused");
    assert_eq!(error.kind(), FetchErrorKind::NotPublic);
    assert_eq!((lookups.load(Ordering::SeqCst), server.connections()), (2, 1));
}

#[tokio::test]
async fn messages_do_not_tell_addresses() {
    let trap = Trap::new();
    let error = strict(&trap).page(&url("http://intranet.example/x?token=1"), &budget()).await.expect_err("refused");
    assert_eq!(error, FetchError::NotPublic { host: "intranet.example".to_owned(), rule: "a private address" },);
    let sentence = error.to_string();
    assert!(!sentence.contains("10.1.2.3") && !sentence.contains("token"), "{sentence}");
    assert!(sentence.contains("fetch.allow_networks"), "{sentence}");
}

#[tokio::test]
async fn a_name_without_address_says_so() {
    let trap = Trap::new();
    let error = strict(&trap).page(&url("http://unknown.example/"), &budget()).await.expect_err("no such name");
    assert_eq!(error, FetchError::Dns { host: "unknown.example".to_owned(), temporary: false });
}

#[tokio::test]
async fn a_proxy_is_no_way_around() {
    let trap = Trap::new();
    let proxy = serve(|seen| if seen.path.contains("robots") { missing() } else { html("by proxy") }).await;
    let fetcher = fetcher(FetchOptions {
        proxy: Some(format!("http://localhost:{}", proxy.address.port())),
        lookup: NameLookup::new(|name| async move {
            if name == "public.example" { Ok(vec![IpAddr::from([1, 1, 1, 1])]) } else { dangerous_names(&name) }
        }),
        per_host_delay: Duration::ZERO,
        ..FetchOptions::default()
    });
    for template in TRICKS.iter().filter(|template| !template.contains("fixed")) {
        let text = trap.lay(template);
        let error = fetcher.page(&url(&text), &budget()).await.expect_err(&text);
        assert_eq!(error.kind(), FetchErrorKind::NotPublic, "{text}: {error}");
    }
    assert_eq!(proxy.connections(), 0, "the proxy was not asked");
    // The proxy's own place is the operator's business; unknown names are the proxy's.
    for text in ["http://public.example/", "http://only-the-proxy-knows.example/"] {
        let page = fetcher.page(&url(text), &budget()).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(page.text.contains("by proxy"));
    }
}
