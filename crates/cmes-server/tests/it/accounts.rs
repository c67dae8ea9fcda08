//! Accounts, keys and the first rows of the ledger, on both engines.

use cmes_app::Error;
use cmes_app::accounts::{self, MakeKey, OpenAccount};
use cmes_types::{Clock, Currency, Money, Timestamp};

use crate::support::{TestApp, on_both_engines};

fn open(email: &str, credit: &str) -> OpenAccount {
    OpenAccount {
        email: email.into(),
        password: Some("correct horse".into()),
        currency: "EUR".parse::<Currency>().expect("a currency"),
        credit: credit.parse().expect("an amount"),
        is_operator: true,
    }
}

#[test]
fn an_account_is_opened_once_and_its_ledger_adds_up() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let now = app.clock.now();
        let id = accounts::open(&app.db, &open("Ann@Example.com", "1.25"), now).await.expect("opened");
        let again = accounts::open(&app.db, &open("ann@example.COM", "0"), now).await;
        assert!(matches!(again, Err(Error::Fields(fields)) if fields[0].detail.contains("already")));

        let amount: Money = "0.1196988".parse().expect("an amount");
        let balance = accounts::credit(&app.db, "ann@example.com", amount, "thanks", now).await.expect("credited");
        assert_eq!(balance.to_string(), "1.3696988");
        assert_eq!(cmes_store::ledger::sum(&app.db, id).await.expect("a sum"), balance);
        let account = accounts::by_email(&app.db, "ann@example.com").await.expect("the account");
        assert_eq!((account.balance, account.currency.as_str(), account.is_operator), (balance, "EUR", true));
        // A correction may take away what is there, and no more.
        let credit = async |amount: &str| {
            let amount = amount.parse().expect("an amount");
            accounts::credit(&app.db, "ann@example.com", amount, "mistake", now).await
        };
        assert_eq!(credit("-0.3696988").await.expect("corrected").to_string(), "1");
        for amount in ["0", "-1.00000001", "90000000000"] {
            assert!(matches!(credit(amount).await, Err(Error::Fields(_))), "{amount}");
        }
        assert_eq!(credit("-1").await.expect("corrected"), Money::ZERO);
        app.verified().await;
    });
}

#[test]
fn what_cannot_be_opened_is_refused() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let now = app.clock.now();
        assert!(accounts::open(&app.db, &open("no address", "0"), now).await.is_err());
        assert!(accounts::open(&app.db, &open("b@example.com", "-1"), now).await.is_err());
        let short = OpenAccount { password: Some("short".into()), ..open("b@example.com", "0") };
        assert!(accounts::open(&app.db, &short, now).await.is_err());
        assert!(accounts::by_email(&app.db, "b@example.com").await.is_err());
        let make = |account: &str, name: &str, expires_at| MakeKey {
            account: account.into(),
            project: "P".into(),
            name: name.into(),
            expires_at,
        };
        for make in [
            make("nobody@example.com", "n", None),
            make("demo@example.com", " ", None),
            make("demo@example.com", &"n".repeat(101), None),
            make("demo@example.com", "n", Some(Timestamp::from_milliseconds(1))),
        ] {
            assert!(accounts::make_key(&app.db, &make, now).await.is_err(), "{make:?}");
        }
    });
}

#[test]
fn keys_are_stored_as_a_hash_and_shown_masked() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let account = accounts::by_email(&app.db, "demo@example.com").await.expect("the account");
        let keys = cmes_store::keys::list(&app.db, Some(account.id)).await.expect("keys");
        assert_eq!(keys.len(), 1);
        assert_eq!((keys[0].masked.len(), keys[0].project.as_str()), (app.key.len(), "Default"));
        assert_eq!(&keys[0].masked[..9], &app.key[..9]);
        app.new_key("other@example.com").await;
        assert_eq!(cmes_store::keys::list(&app.db, Some(account.id)).await.expect("keys").len(), 1);
        assert_eq!(cmes_store::keys::list(&app.db, None).await.expect("keys").len(), 2);
        let holder = cmes_store::keys::holder(&app.db, &cmes_app::authentication::hash(&app.key)).await.expect("a row");
        assert_eq!(holder.expect("the holder").account, account.id);
        assert!(cmes_store::keys::holder(&app.db, app.key.as_bytes()).await.expect("no row").is_none());
    });
}
