#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(status = 404, code = NOT_FOUND, message = "See {id_a}.", localized(de = "Siehe {id_b}."))]
    GoneAway { id_a: String },
}

fn main() {}
