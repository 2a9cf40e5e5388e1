"""The demo shop, and a page that a Django shop would have written: the template tag, a form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import path

from catalog.models import Product
from config.urls import urlpatterns as demo_urls

PAGE = """{% load ensemble %}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ product.title }}</title>
<meta name="viewport" content="width=device-width"><style>body { margin: 1rem }</style></head>
<body><main><h1>{{ product.title }}</h1>{% complete_the_look product %}</main>
{% if form %}<form method="post">{% csrf_token %}<button>Ask</button></form>{% endif %}
<footer>A shop that was made up.</footer></body></html>"""


def product_page(request: HttpRequest, sku: str) -> HttpResponse:
    """The page of a product; with a form where ``?form=1`` says so."""
    known = {"product": get_object_or_404(Product, sku=sku), "form": request.GET.get("form")}
    return HttpResponse(engines["django"].from_string(PAGE).render(known, request))


urlpatterns = [path("tagged/<sku>/", product_page), *demo_urls]
