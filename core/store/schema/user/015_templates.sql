-- Names are told apart by more than capitals: no two look the same in a menu.
CREATE UNIQUE INDEX template_name ON template(name COLLATE NOCASE);
