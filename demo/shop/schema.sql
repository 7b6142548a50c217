-- The shop that the demo and the tests work on. Personal data carries its tag in demo/shop/tags.py.
CREATE SCHEMA hr;

CREATE TABLE public.categories (
    id int PRIMARY KEY,
    name text NOT NULL UNIQUE
);

CREATE TABLE public.products (
    id int PRIMARY KEY,
    category_id int NOT NULL REFERENCES public.categories,
    sku text NOT NULL UNIQUE,
    name text NOT NULL,
    price numeric(10,2) NOT NULL CHECK (price > 0),
    cost numeric(10,2) NOT NULL,
    attributes jsonb NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE public.customers (
    id int PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL UNIQUE,
    phone text,
    national_id varchar(11),
    birth_date date,
    city text NOT NULL,
    country char(2) NOT NULL,
    plan text NOT NULL CHECK (plan IN ('free', 'plus', 'pro')),
    notes text,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE public.customers IS 'People who have an account';
COMMENT ON COLUMN public.customers.national_id IS 'National identification number, for invoices';
COMMENT ON COLUMN public.customers.notes IS 'Free text by support staff';

CREATE TABLE public.addresses (
    id int PRIMARY KEY,
    customer_id int NOT NULL REFERENCES public.customers ON DELETE CASCADE,
    street text NOT NULL,
    postcode text NOT NULL,
    city text NOT NULL,
    country char(2) NOT NULL
);
CREATE INDEX ON public.addresses (customer_id);

CREATE TABLE public.orders (
    id int PRIMARY KEY,
    customer_id int NOT NULL REFERENCES public.customers,
    status text NOT NULL CHECK (status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'abandoned')),
    ordered_at timestamptz NOT NULL,
    country char(2) NOT NULL,
    total numeric(12,2) NOT NULL
);
CREATE INDEX ON public.orders (customer_id);
CREATE INDEX ON public.orders (ordered_at);

CREATE TABLE public.order_items (
    order_id int NOT NULL REFERENCES public.orders ON DELETE CASCADE,
    line int NOT NULL,
    product_id int NOT NULL REFERENCES public.products,
    quantity int NOT NULL CHECK (quantity > 0),
    price numeric(10,2) NOT NULL,
    PRIMARY KEY (order_id, line)
);

CREATE TABLE public.payments (
    id int PRIMARY KEY,
    order_id int NOT NULL REFERENCES public.orders ON DELETE CASCADE,
    method text NOT NULL CHECK (method IN ('card', 'transfer')),
    card_number text,
    iban text,
    amount numeric(12,2) NOT NULL,
    paid_at timestamptz
);
CREATE INDEX ON public.payments (order_id);

CREATE TABLE public.shipments (
    id int PRIMARY KEY,
    order_id int NOT NULL REFERENCES public.orders ON DELETE CASCADE,
    carrier text NOT NULL,
    shipped_at timestamptz NOT NULL,
    delivered_at timestamptz
);
CREATE INDEX ON public.shipments (order_id);

CREATE TABLE public.tickets (
    id int PRIMARY KEY,
    customer_id int NOT NULL REFERENCES public.customers ON DELETE CASCADE,
    subject text NOT NULL,
    body text NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);
COMMENT ON COLUMN public.tickets.body IS 'Free text as the customer wrote it';

CREATE TABLE public.order_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id int NOT NULL,
    was text NOT NULL,
    became text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE hr.employees (
    id int PRIMARY KEY,
    name text NOT NULL,
    title text NOT NULL,
    team text NOT NULL
);

CREATE TABLE hr.payroll (
    employee_id int PRIMARY KEY REFERENCES hr.employees,
    salary numeric(10,2) NOT NULL,
    iban text NOT NULL
);

CREATE FUNCTION public.price_band(price numeric) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN price < 20 THEN 'low' WHEN price < 100 THEN 'mid' ELSE 'high' END;

CREATE FUNCTION public.note_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.order_events (order_id, was, became) VALUES (NEW.id, OLD.status, NEW.status);
    RETURN NEW;
END $$;
CREATE TRIGGER note_status AFTER UPDATE OF status ON public.orders
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION public.note_status();

CREATE VIEW public.sales_by_day AS
    SELECT ordered_at::date AS day, country, count(*) AS orders, sum(total) AS revenue
    FROM public.orders WHERE status NOT IN ('cancelled', 'abandoned') GROUP BY 1, 2;

CREATE VIEW public.customer_contacts AS
    SELECT c.id, c.name, c.email, a.city FROM public.customers c JOIN public.addresses a ON a.customer_id = c.id;
