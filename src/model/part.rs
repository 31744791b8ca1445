//! Details that are on the way from one wire to another.

use std::slice;

use bytes::Bytes;

#[cfg(feature = "tonic")]
use super::detail_type::DetailTypes;
use super::{
    detail::{Detail, Details},
    detail_type::DetailView,
};

/// A detail, owned or borrowed.
#[derive(Clone, Debug)]
pub(crate) enum Part<'a> {
    /// What arrived.
    Wire(DetailView<'a>),
    /// An error.
    Held(&'a Detail),
    /// Nobody else.
    Own(Detail),
}

impl Part<'_> {
    pub(crate) fn view(&self) -> DetailView<'_> {
        match self {
            Self::Wire(view) => *view,
            Self::Held(detail) => detail.view(),
            Self::Own(detail) => detail.view(),
        }
    }

    /// The same message type with another content; the type URL stays as it came.
    pub(crate) fn with_value(&self, value: impl Into<Bytes>) -> Detail {
        match self {
            Self::Wire(view) => Detail::like(*view, value.into()),
            Self::Held(detail) => detail.with_value(value),
            Self::Own(detail) => detail.with_value(value),
        }
    }

    /// On its own, without a copy where it can be shared.
    #[inline]
    pub(crate) fn to_detail(&self) -> Detail {
        match self {
            Self::Wire(view) => Detail::like(*view, Bytes::copy_from_slice(view.value())),
            Self::Held(detail) => (*detail).clone(),
            Self::Own(detail) => detail.clone(),
        }
    }
}

/// The details of an error, owned or borrowed.
#[derive(Clone, Debug)]
pub(crate) enum Parts<'a> {
    #[cfg_attr(not(feature = "tonic"), expect(dead_code, reason = "only a `tonic::Status` is read in place"))]
    Wire(Views<'a>),
    Held(&'a [Detail]),
    Own(Details),
}

/// Details that arrived. A few stand in place, since most errors have a few.
#[derive(Clone, Debug, Default)]
pub(crate) struct Views<'a> {
    few: [DetailView<'a>; Views::FEW],
    len: usize,
    /// All of them, if there are more.
    many: Vec<DetailView<'a>>,
}

impl<'a> Views<'a> {
    const FEW: usize = 2;

    #[cfg_attr(not(feature = "tonic"), expect(dead_code, reason = "only a `tonic::Status` is read in place"))]
    pub(crate) fn push(&mut self, view: DetailView<'a>) {
        match self.few.get_mut(self.len) {
            Some(place) => *place = view,
            None => {
                if self.many.is_empty() {
                    self.many.reserve_exact(8);
                    self.many.extend(self.few);
                }
                self.many.push(view);
            }
        }
        self.len += 1;
    }

    fn as_slice(&self) -> &[DetailView<'a>] {
        self.few.get(..self.len).unwrap_or(&self.many)
    }
}

/// The details in order.
#[derive(Clone, Debug)]
pub(crate) enum PartsIter<'a> {
    Wire(slice::Iter<'a, DetailView<'a>>),
    Held(slice::Iter<'a, Detail>),
}

impl Parts<'_> {
    pub(crate) fn iter(&self) -> PartsIter<'_> {
        match self {
            Self::Wire(views) => PartsIter::Wire(views.as_slice().iter()),
            Self::Held(details) => PartsIter::Held(details.iter()),
            Self::Own(details) => PartsIter::Held(details.iter()),
        }
    }

    #[cfg(feature = "tonic")]
    pub(crate) fn types(&self) -> DetailTypes {
        DetailTypes::of(self.iter().views())
    }
}

impl<'a> Iterator for PartsIter<'a> {
    type Item = Part<'a>;

    #[inline]
    fn next(&mut self) -> Option<Part<'a>> {
        match self {
            Self::Wire(views) => views.next().copied().map(Part::Wire),
            Self::Held(details) => details.next().map(Part::Held),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Wire(views) => views.size_hint(),
            Self::Held(details) => details.size_hint(),
        }
    }
}

impl ExactSizeIterator for PartsIter<'_> {}

impl<'a> PartsIter<'a> {
    /// Just to be looked at.
    pub(crate) fn views(self) -> ViewsIter<'a> {
        ViewsIter(self)
    }
}

impl Default for PartsIter<'_> {
    fn default() -> Self {
        Self::Held([].iter())
    }
}

/// The details in order, just to be looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViewsIter<'a>(PartsIter<'a>);

impl<'a> Iterator for ViewsIter<'a> {
    type Item = DetailView<'a>;

    #[inline]
    fn next(&mut self) -> Option<DetailView<'a>> {
        match &mut self.0 {
            PartsIter::Wire(views) => views.next().copied(),
            PartsIter::Held(details) => details.next().map(Detail::view),
        }
    }
}

impl DoubleEndedIterator for ViewsIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            PartsIter::Wire(views) => views.next_back().copied(),
            PartsIter::Held(details) => details.next_back().map(Detail::view),
        }
    }
}
