//! TLS for the HTTP client: rustls with ring, HTTP/2 offered first.

use std::sync::{Arc, OnceLock};

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

/// A client configuration that trusts the machine's certificate authorities and these.
pub(crate) fn client_config(extra: &[CertificateDer<'static>]) -> Result<ClientConfig, rustls::Error> {
    let mut roots = machine_roots().clone();
    for certificate in extra {
        roots.add(certificate.clone())?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What the machine trusts, which may include a company's own authority. Slim
/// containers come without any certificates; there Mozilla's list, compiled in,
/// lets the program work all the same. Read once: it takes some milliseconds.
fn machine_roots() -> &'static RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    ROOTS.get_or_init(|| roots_of(rustls_native_certs::load_native_certs().certs))
}

fn roots_of(certificates: Vec<CertificateDer<'static>>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let (added, ignored) = roots.add_parsable_certificates(certificates);
    tracing::debug!(added, ignored, "read the machine's certificate authorities");
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}

/// What is wrong with a secure connection, in words for a user.
pub(crate) fn reason(error: &rustls::Error) -> &'static str {
    use rustls::CertificateError as Cert;
    match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            Cert::Expired | Cert::ExpiredContext { .. } => "its certificate has expired",
            Cert::NotValidYet | Cert::NotValidYetContext { .. } => "its certificate is not valid yet",
            Cert::NotValidForName | Cert::NotValidForNameContext { .. } => {
                "its certificate is made out to another name"
            }
            Cert::UnknownIssuer => "its certificate comes from an unknown authority",
            Cert::Revoked => "its certificate has been revoked",
            _ => "its certificate is not valid",
        },
        rustls::Error::InvalidMessage(_) => "it does not speak TLS there",
        rustls::Error::PeerIncompatible(_) => "it knows only outdated encryption",
        _ => "the handshake failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_certificates_still_trusts_somebody() {
        let unreadable = CertificateDer::from(b"no certificate".to_vec());
        for installed in [Vec::new(), vec![unreadable]] {
            assert_eq!(roots_of(installed).len(), webpki_roots::TLS_SERVER_ROOTS.len());
        }
    }

    #[test]
    fn what_the_machine_trusts_is_enough() {
        let key = rcgen::generate_simple_self_signed(["ca.example".to_owned()]).expect("the name is valid");
        assert_eq!(roots_of(vec![key.cert.der().clone()]).len(), 1);
    }
}
