//! What providers that ask one service have in common.

/// A provider that asks one service, which is `ABOUT` in its file and is asked by its function `look`.
macro_rules! provider {
    ($(#[$documented:meta])* $name:ident) => {
        $(#[$documented])*
        pub struct $name($crate::service::Service);

        impl $name {
            /// The service at this address, or at its own, with this key where it wants one.
            ///
            /// # Errors
            /// When the address or the key cannot be used.
            pub fn new(
                settings: $crate::ServiceSettings,
                clock: std::sync::Arc<dyn cmes_types::Clock>,
            ) -> Result<Self, $crate::SetupError> {
                $crate::service::Service::new(&ABOUT, settings, clock).map(Self)
            }
        }

        impl $crate::SearchProvider for $name {
            fn name(&self) -> &'static str {
                ABOUT.name
            }

            fn search<'a>(
                &'a self,
                search: &'a cmes_types::CompanySearch,
            ) -> futures_util::future::BoxFuture<'a, Result<$crate::Found, $crate::SearchError>> {
                Box::pin(self.look(search))
            }
        }
    };
}
pub(crate) use provider;
