"""What templates become: code that does for each page only what differs from one to the next.

In a page of one language much is the same each time: its words, the addresses of what is always there, and
the buttons and drawings made of those. It is worked out once and kept with the template's code.
"""

from itertools import groupby

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef

# Functions that give the same for the same words, in one language.
FIXED = frozenset(("_", "gettext", "asset", "url_for"))
# Macros made of nothing but what they are given, and of FIXED.
DRAWN = {"components/icon.html": ("icon",), "components/button.html": ("button", "link_button")}
PLAIN = (
    nodes.TemplateData,
    nodes.Concat,
    nodes.Const,
    nodes.Dict,
    nodes.Pair,
    nodes.Call,
    nodes.Keyword,
    nodes.Name,
)


class PageCode(CodeGenerator):
    """Writes `kept.get(7) or kept.setdefault(7, …)` for what is the same each time."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        self.fixed = fixed_names(node)
        self.kept = 0
        super().visit_Template(node, frame)
        self.writeline("from caloria.page_environment import QuickMacro")
        self.writeline("from caloria.rendering import escaped")
        self.writeline("kept = environment.new_kept()")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        pieces: list[nodes.Expr] = []
        for is_fixed, run in groupby(node.nodes, self.is_fixed):
            found = list(run)
            pieces += joined(found) if is_fixed else found
        super().visit_Output(nodes.Output(pieces, lineno=node.lineno), frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write_kept(super().visit_Concat, node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if forward_caller:
            super().visit_Call(node, frame, forward_caller=forward_caller)
        else:
            self.write_kept(super().visit_Call, node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        self.write("Quick")
        super().macro_def(macro_ref, frame)

    def write_kept(self, write, node: nodes.Expr, frame: Frame) -> None:
        if not (self.is_fixed(node) and has_call(node)):
            write(node, frame)
            return
        self.kept += 1
        self.write(f"(kept.get({self.kept}) or kept.setdefault({self.kept}, ")
        write(node, frame)
        self.write("))")

    def is_fixed(self, node: nodes.Expr) -> bool:
        """Whether it is made of constants and of calls that give the same each time."""
        return all(self._may_be_fixed(each) for each in (node, *node.find_all(nodes.Node)))

    def _may_be_fixed(self, node: nodes.Node) -> bool:
        if isinstance(node, nodes.Call):
            return isinstance(node.node, nodes.Name) and not (
                node.node.name == "url_for" and is_relative(node)
            )
        return node.name in self.fixed if isinstance(node, nodes.Name) else isinstance(node, PLAIN)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize) -> str:
        # A filter says a number of a template, too, in the language and the units of whoever reads.
        if isinstance(node, nodes.Filter) or node.find(nodes.Filter):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and not finalize.src:
            self.write("escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


def fixed_names(template: nodes.Template) -> frozenset[str]:
    """What of FIXED and DRAWN a template calls by its name, unless that is a name of something else there."""
    drawn, others = set(), {each.name for each in template.find_all(nodes.Macro)}
    others |= {each.name for each in template.find_all(nodes.Name) if each.ctx != "load"}
    for each in template.find_all(nodes.FromImport):
        of_components = DRAWN.get(each.template.value, ()) if is_plain_import(each) else ()
        drawn |= {name for name in each.names if name in of_components}
        others |= {
            name[-1] if isinstance(name, tuple) else name for name in each.names if name not in of_components
        }
    return (FIXED | drawn) - others


def is_plain_import(node: nodes.FromImport) -> bool:
    return isinstance(node.template, nodes.Const) and not node.with_context


def joined(run: list[nodes.Expr]) -> list[nodes.Expr]:
    """What stands beside each other and is fixed, as one piece."""
    is_worth_it = len(run) > 1 and any(map(has_call, run))
    return [nodes.Concat(run, lineno=run[0].lineno)] if is_worth_it else run


def has_call(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Call) or node.find(nodes.Call) is not None


def is_relative(node: nodes.Call) -> bool:
    """Whether an address depends on the page that it stands on, or on the host."""
    endpoint = node.args[0].value if node.args and isinstance(node.args[0], nodes.Const) else "."
    is_said = node.dyn_kwargs is None and not any(each.key.startswith("_") for each in node.kwargs)
    return endpoint.startswith(".") or not is_said
