//! Macros for the accessors and traits of every layer, service, future and body, in tower-http's form.

/// How a layer makes its service, and access to the service inside. A layer has a `writer` and its settings; a service has these, the
/// service inside, and where it never fails, why the one inside cannot be called.
macro_rules! wrapper {
    ($layer:ident, $service:ident { $($setting:ident),* } $($broken:ident)?) => {
        impl Default for $layer {
            fn default() -> Self {
                Self::new(Translator::default())
            }
        }

        impl<O> $layer<O> {
            /// Sets the observer, which gets every error.
            #[must_use]
            pub fn with_observer<P: Observer>(self, observer: P) -> $layer<P> {
                $layer { writer: Arc::new(self.writer.with_observer(observer)), $($setting: self.$setting),* }
            }
        }

        impl<O> Clone for $layer<O> {
            fn clone(&self) -> Self {
                Self { writer: self.writer.clone(), $($setting: self.$setting.clone()),* }
            }
        }

        impl<S, O> Layer<S> for $layer<O> {
            type Service = $service<S, O>;

            fn layer(&self, inner: S) -> Self::Service {
                let Self { writer, $($setting),* } = self.clone();
                $service { inner, writer, $($setting,)* $($broken: None)? }
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
                let Self { inner, writer, $($setting,)* .. } = self;
                Self { inner: inner.clone(), writer: writer.clone(), $($setting: $setting.clone(),)* $($broken: None)? }
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
