//! Macros for the accessors and traits of every layer, service, future and body, in tower-http's form.

/// Access to the service inside, and how a layer makes it. Fields after the two of every service begin as given here.
macro_rules! wrapper {
    ($layer:ident, $service:ident { $($field:ident: $start:expr)? }) => {
        impl Default for $layer {
            fn default() -> Self {
                Self::new(Translator::default())
            }
        }

        impl<O> Clone for $layer<O> {
            fn clone(&self) -> Self {
                Self { shared: self.shared.clone() }
            }
        }

        impl<S, O> Layer<S> for $layer<O> {
            type Service = $service<S, O>;

            fn layer(&self, inner: S) -> Self::Service {
                $service { inner, shared: self.shared.clone(), $($field: $start)? }
            }
        }

        impl<S> $service<S> {
            /// Wraps `inner`, by this translator and with the defaults of the layer.
            pub fn new(inner: S, translator: Translator) -> Self {
                $layer::new(translator).layer(inner)
            }
        }

        impl<S, O> $service<S, O> {
            /// The service inside.
            pub fn get_ref(&self) -> &S {
                &self.inner
            }

            /// The service inside.
            pub fn get_mut(&mut self) -> &mut S {
                &mut self.inner
            }

            /// The service inside.
            pub fn into_inner(self) -> S {
                self.inner
            }
        }

        impl<S: Clone, O> Clone for $service<S, O> {
            fn clone(&self) -> Self {
                Self { inner: self.inner.clone(), shared: self.shared.clone(), $($field: $start)? }
            }
        }

        impl<S: std::fmt::Debug, O> std::fmt::Debug for $service<S, O> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($service)).field("inner", &self.inner).finish_non_exhaustive()
            }
        }
    };
}

/// `Debug` that names the type only.
macro_rules! opaque {
    ($name:ident<$($parameter:ident),*>) => {
        impl<$($parameter),*> std::fmt::Debug for $name<$($parameter),*> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

pub(super) use {opaque, wrapper};
