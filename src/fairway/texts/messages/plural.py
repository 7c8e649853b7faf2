"""A count with its unit, as source of a template in English: `no orders`, `1 order`, `1,200 orders`."""


def counted(argument: str, one: str, many: str = "") -> str:
    """The part of a template that shows an argument's number with its unit. many: the plural, where it is not one + s."""
    several = many or f"{one}s"
    return f"{{% if not {argument} %}}no{{% else %}}{{{{ {argument} }}}}{{% endif %}} {unit(argument, one, several)}"


def unit(argument: str, one: str, many: str = "") -> str:
    """The part of a template that shows the unit alone, as it stands behind the number of an argument."""
    return f"{{% if {argument} == 1 %}}{one}{{% else %}}{many or one + 's'}{{% endif %}}"
